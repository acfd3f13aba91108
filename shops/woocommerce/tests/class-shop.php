<?php
/**
 * A shop in which a test acts.
 *
 * @package Ripresa
 */

/** Requests of a shopper, one after the other, and what was queued. */
class Shop {

	/** @var object */
	public $woo;

	public function __construct( array $settings = array() ) {
		$GLOBALS['wpdb']          = new Database();
		World::$now               = new World();
		World::$now->options      = array(
			'permalink_structure' => '/%postname%/',
			'ripresa_settings'    => $settings + array(
				'address' => 'https://ripresa.example/hooks/woocommerce/abc',
				'secret'  => 's3cret',
			),
		);
		World::$now->woo          = (object) array(
			'cart'     => new WC_Cart(),
			'session'  => new WC_Session(),
			'customer' => new WC_Customer(),
		);
		$this->woo                = World::$now->woo;
		$_GET                     = array();
		$_POST                    = array();
		$_SERVER['HTTP_USER_AGENT'] = 'Mozilla/5.0 (X11)';
		new WC_Product( array( 'id' => 7, 'title' => 'Barolo &#8211; 75 cl', 'price' => 29.9, 'sku' => 'A1', 'image' => 3 ) );
		new WC_Product( array( 'id' => 20, 'title' => 'Shirt', 'price' => 10, 'parent' => 19, 'attributes' => array( 'attribute_pa_size' => 'large' ) ) );
		new WC_Product( array( 'id' => 21, 'title' => 'Cap', 'price' => 5, 'parent' => 18, 'attributes' => array( 'attribute_pa_size' => '' ) ) );
		Ripresa_Plugin::start();
		do_action( 'woocommerce_init' );
	}

	/**
	 * One request: the cart is loaded, something happens, the request ends.
	 *
	 * @param callable|null $what What happens.
	 * @return array[] The events it queued.
	 */
	public function request( $what = null ) {
		World::$now->done = array();
		$before           = count( self::queued() );
		if ( World::$now->user ) {
			$this->woo->session->id = (string) World::$now->user;
		}
		do_action( 'woocommerce_cart_loaded_from_session' );
		if ( $what ) {
			try {
				$what( $this->woo->cart );
			} catch ( Ended $ended ) {
				unset( $ended );
			}
		}
		do_action( 'shutdown' );
		return array_slice( self::queued(), $before );
	}

	/**
	 * A page is shown.
	 *
	 * @param array $flags What kind of page.
	 * @return array[] The events it queued.
	 */
	public function page( array $flags = array() ) {
		World::$now->flags = $flags;
		return $this->request(
			static function () {
				do_action( 'wp' );
			}
		);
	}

	/**
	 * The checkout's script calls.
	 *
	 * @param array $post What it says.
	 * @return array[] The events it queued.
	 */
	public function script( array $post ) {
		$_POST  = $post + array( 'nonce' => 'nonce of ripresa-contact' );
		$events = $this->request(
			static function () {
				do_action( 'wc_ajax_ripresa_contact' );
			}
		);
		$_POST  = array();
		return $events;
	}

	/**
	 * All that waits.
	 *
	 * @return array[]
	 */
	public static function queued() {
		return array_map(
			static function ( $json ) {
				return json_decode( $json, true );
			},
			array_values( Ripresa_Queue::peek( 100000 ) )
		);
	}
}
