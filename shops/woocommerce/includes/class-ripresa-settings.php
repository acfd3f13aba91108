<?php
/**
 * What the merchant has set.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * One option holds all settings: WordPress loads it with the rest, without a query of its own.
 */
class Ripresa_Settings {

	const OPTION = 'ripresa_settings';

	/**
	 * All settings, those never set at their defaults.
	 *
	 * @return array{address: string, secret: string, ask: string, text: string, ask_sms: string, sms_text: string, members: string}
	 */
	public static function all() {
		$known = array(
			'address'  => '',
			'secret'   => '',
			'ask'      => 'yes',
			'text'     => '',
			// Text messages cost the shop money, so it is asked for them only where it wants to send some.
			'ask_sms'  => 'no',
			'sms_text' => '',
			'members'  => 'yes',
		);
		$kept  = get_option( self::OPTION, array() );
		return array_merge( $known, array_intersect_key( is_array( $kept ) ? $kept : array(), $known ) );
	}

	/**
	 * One setting.
	 *
	 * @param string $name Its name.
	 * @return string
	 */
	public static function get( $name ) {
		return (string) self::all()[ $name ];
	}

	/**
	 * Whether carts have anywhere to go.
	 *
	 * @return bool
	 */
	public static function is_ready() {
		$all = self::all();
		return '' !== $all['address'] && '' !== $all['secret'];
	}

	/**
	 * The sentence beside the box at the checkout.
	 *
	 * @return string
	 */
	public static function consent_text() {
		$text = self::get( 'text' );
		return '' !== $text ? $text : __( 'Remind me by e-mail if I leave my cart behind. I can stop this at any time.', 'ripresa' );
	}

	/**
	 * The sentence beside the box for text messages.
	 *
	 * @return string
	 */
	public static function sms_text() {
		$text = self::get( 'sms_text' );
		return '' !== $text ? $text : __( 'Text me if I leave my cart behind. I can stop this at any time.', 'ripresa' );
	}

	/**
	 * What comes from the form, made safe. An empty secret keeps the one there is: it is never shown.
	 *
	 * @param mixed $given The form's fields.
	 * @return array
	 */
	public static function sanitize( $given ) {
		$given   = is_array( $given ) ? $given : array();
		$all     = self::all();
		$secret  = isset( $given['secret'] ) ? trim( (string) $given['secret'] ) : '';
		$address = isset( $given['address'] ) ? esc_url_raw( trim( (string) $given['address'] ), array( 'https', 'http' ) ) : '';
		if ( '' !== $address && ! self::is_safe( $address ) ) {
			add_settings_error( self::OPTION, 'ripresa_address', __( 'The address must begin with https://, since it carries who is shopping.', 'ripresa' ) );
			$address = $all['address'];
		}
		return array(
			'address'  => $address,
			'secret'   => '' !== $secret ? $secret : $all['secret'],
			'ask'      => empty( $given['ask'] ) ? 'no' : 'yes',
			'text'     => isset( $given['text'] ) ? sanitize_text_field( $given['text'] ) : '',
			'ask_sms'  => empty( $given['ask_sms'] ) ? 'no' : 'yes',
			'sms_text' => isset( $given['sms_text'] ) ? sanitize_text_field( $given['sms_text'] ) : '',
			'members'  => empty( $given['members'] ) ? 'no' : 'yes',
		);
	}

	/**
	 * Where carts go from now on.
	 *
	 * @param string $address The webhook address of the connection.
	 * @param string $secret  Its secret.
	 */
	public static function connect( $address, $secret ) {
		update_option(
			self::OPTION,
			array_merge(
				self::all(),
				array(
					'address'  => $address,
					'secret'   => $secret,
				)
			)
		);
	}

	/**
	 * Encrypted, or this machine itself, for a trial.
	 *
	 * @param string $address An address.
	 * @return bool
	 */
	public static function is_safe( $address ) {
		$host = (string) wp_parse_url( $address, PHP_URL_HOST );
		return 'https' === wp_parse_url( $address, PHP_URL_SCHEME ) || in_array( $host, array( 'localhost', '127.0.0.1' ), true );
	}
}
