<?php
/**
 * What becomes of a cart.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * Writes the cart's token into its order: Ripresa hears of orders from WooCommerce itself, and knows by it which cart was bought.
 *
 * Orders are reached through their own objects, so it is the same to us where the shop stores them.
 */
class Ripresa_Orders {

	const META = '_ripresa_cart';

	/**
	 * Listen to both checkouts. Both save the order just after.
	 */
	public function listen() {
		add_action( 'woocommerce_checkout_create_order', array( $this, 'mark' ) );
		add_action( 'woocommerce_store_api_checkout_update_order_from_request', array( $this, 'mark' ) );
		add_action( 'woocommerce_checkout_order_processed', array( $this, 'ordered_classic' ), 20 );
		add_action( 'woocommerce_store_api_checkout_order_processed', array( $this, 'ordered_block' ), 20 );
	}

	/**
	 * Write the token into an order that is about to be saved.
	 *
	 * @param WC_Order $order The order.
	 */
	public function mark( $order ) {
		Ripresa_Plugin::safely(
			static function () use ( $order ) {
				if ( $order instanceof WC_Order && WC()->session ) {
					$order->update_meta_data( self::META, Ripresa_Recorder::token( true ) );
				}
			}
		);
	}

	/**
	 * The classic checkout made an order.
	 *
	 * @param int $order_id Its id.
	 */
	public function ordered_classic( $order_id ) {
		Ripresa_Plugin::safely(
			static function () use ( $order_id ) {
				Ripresa_Recorder::ordered( $order_id );
			}
		);
	}

	/**
	 * The block checkout made an order.
	 *
	 * @param WC_Order $order The order.
	 */
	public function ordered_block( $order ) {
		if ( $order instanceof WC_Order ) {
			$this->ordered_classic( $order->get_id() );
		}
	}
}
