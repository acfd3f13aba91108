<?php
/**
 * A cart in the words of store events.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads WooCommerce's cart; changes nothing in it.
 */
class Ripresa_Cart {

	const MOST_LINES = 500;

	/**
	 * What tells one state of a cart from another: products, variations and quantities.
	 *
	 * @param WC_Cart $cart The cart.
	 * @return string Empty for an empty cart.
	 */
	public static function fingerprint( $cart ) {
		$lines = array();
		foreach ( $cart->get_cart() as $key => $line ) {
			$lines[] = $key . ':' . $line['quantity'];
		}
		sort( $lines );
		return $lines ? md5( implode( ' ', $lines ) . ' ' . get_woocommerce_currency() ) : '';
	}

	/**
	 * The cart block of a store event.
	 *
	 * @param WC_Cart $cart  The cart.
	 * @param string  $token Its token.
	 * @return array
	 */
	public static function block( $cart, $token ) {
		$items = array();
		foreach ( array_slice( $cart->get_cart(), 0, self::MOST_LINES ) as $line ) {
			if ( isset( $line['data'] ) && $line['data'] instanceof WC_Product ) {
				$items[] = self::item( $line );
			}
		}
		$total = (float) $cart->get_cart_contents_total();
		if ( self::shows_tax( $cart ) ) {
			$total += (float) $cart->get_cart_contents_tax();
		}
		$block = array(
			'token'    => $token,
			'currency' => get_woocommerce_currency(),
			'items'    => $items,
			'total'    => self::amount( $total ),
		);
		$link  = Ripresa_Restore::link( $cart, $token );
		if ( '' !== $link ) {
			$block['restore_url'] = $link;
		}
		return $block;
	}

	/**
	 * A line. The price is what the shopper sees for one.
	 *
	 * @param array $line A line of WooCommerce's cart.
	 * @return array
	 */
	private static function item( array $line ) {
		$product  = $line['data'];
		$parent   = (int) $line['product_id'];
		$quantity = max( 1, (int) round( (float) $line['quantity'] ) );
		// Where something is sold by weight, what is not whole counts as one piece at its price.
		$is_whole = abs( (float) $line['quantity'] - $quantity ) < 0.00001;
		$price    = (float) wc_get_price_to_display(
			$product,
			array(
				'qty'             => $is_whole ? 1 : (float) $line['quantity'],
				'display_context' => 'cart',
			)
		);
		$item     = array(
			'product_id' => (string) $parent,
			'sku'        => (string) $product->get_sku(),
			'title'      => self::text( $product->get_title() ),
			'quantity'   => $is_whole ? $quantity : 1,
			'unit_price' => self::amount( $price ),
			'url'        => (string) $product->get_permalink( $line ),
			'image_url'  => (string) wp_get_attachment_image_url( (int) $product->get_image_id(), 'woocommerce_thumbnail' ),
			'categories' => self::categories( $parent ),
		);
		if ( ! empty( $line['variation_id'] ) ) {
			$item['variant_id'] = (string) $line['variation_id'];
			$item['variant']    = self::text( self::chosen( $product, $line ) );
		}
		return array_filter(
			$item,
			static function ( $value ) {
				return '' !== $value && array() !== $value;
			}
		);
	}

	/**
	 * The variation in words. A variation for "any" size holds none; what was chosen is in the line.
	 *
	 * @param WC_Product $product The variation.
	 * @param array      $line    Its line.
	 * @return string
	 */
	private static function chosen( $product, array $line ) {
		$given  = isset( $line['variation'] ) && is_array( $line['variation'] ) ? array_filter( $line['variation'] ) : array();
		$values = array();
		foreach ( $given as $name => $value ) {
			$taxonomy = str_replace( 'attribute_', '', $name );
			$term     = taxonomy_exists( $taxonomy ) ? get_term_by( 'slug', $value, $taxonomy ) : false;
			$values[] = $term ? $term->name : $value;
		}
		return $values ? implode( ', ', $values ) : wc_get_formatted_variation( $product, true, false );
	}

	/**
	 * The names of a product's categories.
	 *
	 * @param int $product_id Of the product, not of a variation.
	 * @return string[]
	 */
	private static function categories( $product_id ) {
		$names = wc_get_product_terms( $product_id, 'product_cat', array( 'fields' => 'names' ) );
		return array_slice( array_map( array( __CLASS__, 'text' ), array_values( (array) $names ) ), 0, 50 );
	}

	/**
	 * Whether the cart shows prices with tax.
	 *
	 * @param WC_Cart $cart The cart.
	 * @return bool
	 */
	private static function shows_tax( $cart ) {
		return 'incl' === $cart->get_tax_price_display_mode();
	}

	/**
	 * Money as a decimal text.
	 *
	 * @param float $value In major units.
	 * @return string
	 */
	public static function amount( $value ) {
		return number_format( max( 0.0, (float) $value ), wc_get_price_decimals(), '.', '' );
	}

	/**
	 * Plain text: WordPress keeps titles with entities.
	 *
	 * @param string $html A title.
	 * @return string
	 */
	public static function text( $html ) {
		$text = html_entity_decode( wp_strip_all_tags( (string) $html ), ENT_QUOTES, 'UTF-8' );
		return function_exists( 'mb_substr' ) ? mb_substr( $text, 0, 200 ) : substr( $text, 0, 200 );
	}
}
