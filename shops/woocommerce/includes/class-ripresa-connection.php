<?php
/**
 * What Ripresa may ask and tell the plugin itself.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * An address of the REST API, for whoever may run the shop: with the keys that Ripresa has anyway the plugin is set up
 * without copying anything, and says how it fares. WooCommerce takes its keys for addresses that begin with `wc-`.
 */
class Ripresa_Connection {

	const ROOT  = 'wc-ripresa/v1';
	const ROUTE = '/connection';

	/**
	 * Listen.
	 */
	public function listen() {
		add_action( 'rest_api_init', array( $this, 'register' ) );
	}

	/**
	 * Tell WordPress of the address.
	 */
	public function register() {
		register_rest_route(
			self::ROOT,
			self::ROUTE,
			array(
				array(
					'methods'             => 'GET',
					'callback'            => array( $this, 'show' ),
					'permission_callback' => array( $this, 'is_allowed' ),
				),
				array(
					'methods'             => 'POST',
					'callback'            => array( $this, 'change' ),
					'permission_callback' => array( $this, 'is_allowed' ),
					'args'                => array(
						'address' => array(
							'type'     => 'string',
							'required' => true,
						),
						'secret'  => array(
							'type'     => 'string',
							'required' => true,
						),
					),
				),
			)
		);
	}

	/**
	 * Who may.
	 *
	 * @return bool
	 */
	public function is_allowed() {
		return current_user_can( Ripresa_Admin::CAPABILITY );
	}

	/**
	 * How it stands. The secret is not told; its mark says whether it is the one Ripresa has.
	 *
	 * @return array
	 */
	public function show() {
		$state = Ripresa_Sender::state();
		return array(
			'version' => RIPRESA_VERSION,
			'address' => Ripresa_Settings::get( 'address' ),
			'mark'    => self::mark( Ripresa_Settings::get( 'secret' ) ),
			'waiting' => Ripresa_Queue::count(),
			'dropped' => (int) $state['dropped'],
			'trouble' => (string) $state['trouble'],
		);
	}

	/**
	 * Set address and secret; the rest stays as the merchant has it.
	 *
	 * @param WP_REST_Request $request What is told.
	 * @return array|WP_Error
	 */
	public function change( $request ) {
		$address = esc_url_raw( (string) $request['address'], array( 'https', 'http' ) );
		$secret  = trim( (string) $request['secret'] );
		if ( ! Ripresa_Settings::is_safe( $address ) || '' === $secret ) {
			return new WP_Error( 'ripresa_address', __( 'The address must begin with https://, since it carries who is shopping.', 'ripresa' ), array( 'status' => 400 ) );
		}
		Ripresa_Settings::connect( $address, $secret );
		Ripresa_Sender::wake();
		return $this->show();
	}

	/**
	 * What tells one secret from another without giving either away.
	 *
	 * @param string $secret A secret.
	 * @return string
	 */
	private static function mark( $secret ) {
		return '' === $secret ? '' : substr( hash_hmac( 'sha256', 'ripresa webhook', $secret ), 0, 6 );
	}
}
