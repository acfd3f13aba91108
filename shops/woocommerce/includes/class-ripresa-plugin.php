<?php
/**
 * Puts the parts together.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * Starts when WooCommerce has loaded; without WooCommerce nothing happens.
 */
class Ripresa_Plugin {

	/**
	 * Orders are reached through WooCommerce's own objects alone, and both checkouts are served.
	 */
	public static function declare_compatibility() {
		if ( class_exists( \Automattic\WooCommerce\Utilities\FeaturesUtil::class ) ) {
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', RIPRESA_FILE, true );
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'cart_checkout_blocks', RIPRESA_FILE, true );
		}
	}

	/**
	 * Listen. What records carts starts only once the plugin knows where to send them.
	 */
	public static function start() {
		// Before WooCommerce takes our field of the checkout, whose label is translated (init, 0).
		add_action( 'init', array( __CLASS__, 'load_texts' ), -1 );
		add_action( 'init', array( 'Ripresa_Queue', 'install_when_new' ) );
		add_action( Ripresa_Sender::JOB, array( 'Ripresa_Sender', 'run' ) );
		add_action( Ripresa_Sender::SWEEP, array( 'Ripresa_Sender', 'run' ) );
		( new Ripresa_Connection() )->listen();
		if ( is_admin() ) {
			( new Ripresa_Admin() )->listen();
			( new Ripresa_Privacy() )->listen();
		}
		if ( ! Ripresa_Settings::is_ready() ) {
			return;
		}
		$recorder = new Ripresa_Recorder();
		$recorder->listen();
		( new Ripresa_Contact( $recorder ) )->listen();
		( new Ripresa_Restore() )->listen();
		( new Ripresa_Orders() )->listen();
	}

	/**
	 * The texts in the site's language.
	 */
	public static function load_texts() {
		load_plugin_textdomain( 'ripresa', false, dirname( plugin_basename( RIPRESA_FILE ) ) . '/languages' );
	}

	/**
	 * A shop goes on whatever happens in here.
	 *
	 * @param callable $work What to try.
	 * @return mixed What it gives; null if it failed.
	 */
	public static function safely( $work ) {
		try {
			return $work();
		} catch ( \Throwable $trouble ) {
			if ( function_exists( 'wc_get_logger' ) ) {
				wc_get_logger()->error( $trouble->getMessage() . ' in ' . $trouble->getFile() . ':' . $trouble->getLine(), array( 'source' => 'ripresa' ) );
			}
			return null;
		}
	}
}
