<?php
/**
 * Bringing a cart back on any device.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * Makes the link a reminder leads to, and follows it.
 *
 * Since WooCommerce 10 the shop has checkout links of its own; they are used wherever they can express the cart. A link
 * logs nobody in and names nobody: it holds products, quantities and the cart's token, which nobody can guess.
 */
class Ripresa_Restore {

	const TOKEN  = 'ripresa_cart';
	const LINES  = 'ripresa_restore';
	const CHOICE = 'ripresa_choice';

	/**
	 * Listen, just before WooCommerce follows its own links (10).
	 */
	public function listen() {
		add_action( 'template_redirect', array( $this, 'follow' ), 5 );
	}

	/**
	 * The address that brings a cart back.
	 *
	 * @param WC_Cart $cart  The cart.
	 * @param string  $token Its token.
	 * @return string Empty if it is longer than an address may be.
	 */
	public static function link( $cart, $token ) {
		$lines   = array();
		$choices = array();
		$is_kept = self::has_native_links();
		foreach ( $cart->get_cart() as $line ) {
			$id      = (int) ( empty( $line['variation_id'] ) ? $line['product_id'] : $line['variation_id'] );
			$choice  = self::open_choices( $line );
			$is_kept = $is_kept && ! $choice && ! isset( $lines[ $id ] );
			if ( $choice ) {
				$choices[ $id ] = $choice;
			}
			$lines[ $id ] = ( isset( $lines[ $id ] ) ? $lines[ $id ] : 0 ) + max( 1, (int) round( (float) $line['quantity'] ) );
		}
		if ( ! $lines ) {
			return '';
		}
		$products = array();
		foreach ( $lines as $id => $quantity ) {
			$products[] = $id . ':' . $quantity;
		}
		$query = ( $is_kept ? 'products=' : self::LINES . '=' ) . implode( ',', $products ) . '&' . self::TOKEN . '=' . rawurlencode( $token );
		if ( $choices ) {
			$query .= '&' . http_build_query( array( self::CHOICE => $choices ), '', '&', PHP_QUERY_RFC3986 );
		}
		$link = home_url( $is_kept ? '/checkout-link/' : '/' ) . '?' . $query;
		return strlen( $link ) <= 2000 ? $link : '';
	}

	/**
	 * Follow a link: take the cart's token over, and put back what WooCommerce's own links can't.
	 */
	public function follow() {
		// A link in a mail: nobody has a nonce there. It changes the visitor's own cart alone.
		// phpcs:disable WordPress.Security.NonceVerification.Recommended
		$is_own = isset( $_GET[ self::LINES ] );
		if ( ! $is_own && ! ( isset( $_GET[ self::TOKEN ] ) && get_query_var( 'checkout-link' ) ) ) {
			return;
		}
		if ( ! WC()->cart || ! WC()->session ) {
			return;
		}
		$token = isset( $_GET[ self::TOKEN ] ) ? sanitize_text_field( wp_unslash( $_GET[ self::TOKEN ] ) ) : '';
		Ripresa_Plugin::safely(
			static function () use ( $token ) {
				Ripresa_Recorder::adopt( $token );
			}
		);
		if ( $is_own ) {
			$this->put_back();
			nocache_headers();
			wp_safe_redirect( WC()->cart->is_empty() ? wc_get_cart_url() : wc_get_checkout_url() );
			$this->leave();
		}
	}

	/**
	 * End the request. Apart, so that tests may go on.
	 */
	protected function leave() {
		exit;
	}

	/**
	 * Put the products of the link into the cart, instead of what is in it.
	 */
	private function put_back() {
		$lines   = self::lines( sanitize_text_field( wp_unslash( $_GET[ self::LINES ] ?? '' ) ) );
		$choices = isset( $_GET[ self::CHOICE ] ) && is_array( $_GET[ self::CHOICE ] ) ? wc_clean( wp_unslash( $_GET[ self::CHOICE ] ) ) : array(); // phpcs:ignore WordPress.Security.ValidatedSanitizedInput
		$coupon  = isset( $_GET['coupon'] ) ? wc_format_coupon_code( wp_unslash( $_GET['coupon'] ) ) : ''; // phpcs:ignore WordPress.Security.ValidatedSanitizedInput
		// phpcs:enable WordPress.Security.NonceVerification.Recommended
		$there = array();
		foreach ( $lines as $id => $quantity ) {
			$product = wc_get_product( $id );
			if ( $product && $product->is_purchasable() ) {
				$there[] = array( $product, $quantity );
			}
		}
		if ( ! $there ) {
			wc_add_notice( __( 'What was in this cart is not sold any more.', 'ripresa' ), 'notice' );
			return;
		}
		WC()->cart->empty_cart();
		foreach ( $there as list( $product, $quantity ) ) {
			$this->add( $product, $quantity, $choices );
		}
		if ( '' !== $coupon && wc_coupons_enabled() && ! WC()->cart->is_empty() ) {
			WC()->cart->apply_coupon( $coupon );
		}
	}

	/**
	 * Put one product in. WooCommerce itself says why, if it can't.
	 *
	 * @param WC_Product $product  A product or a variation.
	 * @param int        $quantity How many.
	 * @param array      $choices  Id to what was chosen of a variation that leaves a choice.
	 */
	private function add( $product, $quantity, array $choices ) {
		if ( ! $product->is_type( 'variation' ) ) {
			WC()->cart->add_to_cart( $product->get_id(), $quantity );
			return;
		}
		$id         = $product->get_id();
		$attributes = $product->get_variation_attributes();
		foreach ( $attributes as $name => $value ) {
			if ( '' === $value && isset( $choices[ $id ][ $name ] ) && is_string( $choices[ $id ][ $name ] ) ) {
				$attributes[ $name ] = $choices[ $id ][ $name ];
			}
		}
		WC()->cart->add_to_cart( $product->get_parent_id(), $quantity, $id, $attributes );
	}

	/**
	 * The lines of a link: "12:2,34:1".
	 *
	 * @param string $text The text.
	 * @return array<int, int> Id to quantity.
	 */
	public static function lines( $text ) {
		$lines = array();
		foreach ( array_slice( explode( ',', $text ), 0, Ripresa_Cart::MOST_LINES ) as $part ) {
			list( $id, $quantity ) = array_pad( explode( ':', $part, 2 ), 2, '1' );
			$id                    = absint( $id );
			$quantity              = absint( $quantity );
			if ( $id && $quantity ) {
				$lines[ $id ] = $quantity;
			}
		}
		return $lines;
	}

	/**
	 * What was chosen where the variation itself leaves it open ("any size").
	 *
	 * @param array $line A line of the cart.
	 * @return array<string, string>
	 */
	private static function open_choices( array $line ) {
		if ( empty( $line['variation_id'] ) || empty( $line['variation'] ) || ! $line['data']->is_type( 'variation' ) ) {
			return array();
		}
		$open = array_filter(
			$line['data']->get_variation_attributes(),
			static function ( $value ) {
				return '' === $value;
			}
		);
		return array_intersect_key( $line['variation'], $open );
	}

	/**
	 * Whether this WooCommerce follows /checkout-link/.
	 *
	 * @return bool
	 */
	private static function has_native_links() {
		return class_exists( \Automattic\WooCommerce\Blocks\Domain\Services\CheckoutLink::class ) && '' !== (string) get_option( 'permalink_structure' );
	}
}
