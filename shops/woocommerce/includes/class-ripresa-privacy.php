<?php
/**
 * What WordPress's own privacy tools have to know.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * A person's data leaves the shop when WordPress erases it: events that wait, and what is kept with her account.
 *
 * What Ripresa itself knows is erased there.
 */
class Ripresa_Privacy {

	/**
	 * Listen.
	 */
	public function listen() {
		add_action( 'admin_init', array( $this, 'suggest' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( $this, 'add_eraser' ) );
	}

	/**
	 * What the site's privacy page should say.
	 */
	public function suggest() {
		if ( function_exists( 'wp_add_privacy_policy_content' ) ) {
			wp_add_privacy_policy_content(
				__( 'Ripresa for WooCommerce', 'ripresa' ),
				'<p>' . esc_html__( 'If you leave a cart behind, we may remind you of it. For that we keep what is in your cart and, if you agreed at the checkout or are signed in, your e-mail address, your telephone number and your name, in a program that we run ourselves. Every reminder has a link that ends them.', 'ripresa' ) . '</p>'
			);
		}
	}

	/**
	 * Ours among the erasers.
	 *
	 * @param array $erasers Those there are.
	 * @return array
	 */
	public function add_eraser( $erasers ) {
		$erasers['ripresa'] = array(
			'eraser_friendly_name' => __( 'Ripresa for WooCommerce', 'ripresa' ),
			'callback'             => array( $this, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * Erase what is kept of a person.
	 *
	 * @param string $email Her address.
	 * @return array As WordPress wants it.
	 */
	public function erase( $email ) {
		$gone = Ripresa_Queue::drop_of( strtolower( trim( (string) $email ) ) );
		$user = get_user_by( 'email', $email );
		$phone = $user ? trim( (string) get_user_meta( $user->ID, 'billing_phone', true ) ) : '';
		$gone += '' !== $phone ? Ripresa_Queue::drop_of( $phone ) : 0;
		foreach ( $user ? array( Ripresa_Recorder::USERMETA, Ripresa_Contact::USERMETA, Ripresa_Contact::FIELD_META, Ripresa_Phone::USERMETA, Ripresa_Phone::FIELD_META ) : array() as $key ) {
			$gone += delete_user_meta( $user->ID, $key ) ? 1 : 0;
		}
		return array(
			'items_removed'  => $gone,
			'items_retained' => false,
			'messages'       => array(),
			'done'           => true,
		);
	}
}
