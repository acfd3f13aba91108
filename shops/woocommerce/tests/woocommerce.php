<?php
/**
 * As much of WooCommerce as the plugin touches, kept in memory. Written for these tests.
 *
 * @package Ripresa
 */

/** A product, or a variation where it has a parent. */
class WC_Product {
	public $data;

	public function __construct( array $data ) {
		$this->data                             = $data + array(
			'sku'        => '',
			'parent'     => 0,
			'attributes' => array(),
			'image'      => 0,
			'sold'       => true,
		);
		World::$now->products[ $data['id'] ] = $this;
	}

	public function get_id() {
		return $this->data['id'];
	}

	public function get_parent_id() {
		return $this->data['parent'];
	}

	public function get_sku() {
		return $this->data['sku'];
	}

	public function get_title() {
		return $this->data['title'];
	}

	public function get_image_id() {
		return $this->data['image'];
	}

	public function get_permalink() {
		return "https://wines.example/product/{$this->data['id']}";
	}

	public function get_variation_attributes() {
		return $this->data['attributes'];
	}

	public function is_type( $type ) {
		return 'variation' === $type && $this->data['parent'] > 0;
	}

	public function is_purchasable() {
		return $this->data['sold'];
	}
}

class WC_Session {
	public $data = array();
	public $id   = 't_ada';

	public function get_customer_id() {
		return $this->id;
	}

	public function get( $key, $default = null ) {
		return $this->data[ $key ] ?? $default;
	}

	public function set( $key, $value ) {
		if ( null === $value ) {
			unset( $this->data[ $key ] );
		} else {
			$this->data[ $key ] = $value;
		}
	}
}

class WC_Cart {
	public $lines = array();
	public $codes = array();

	public function get_cart() {
		return $this->lines;
	}

	public function is_empty() {
		return ! $this->lines;
	}

	public function get_cart_contents_total() {
		$total = 0.0;
		foreach ( $this->lines as $line ) {
			$total += $line['data']->data['price'] * $line['quantity'];
		}
		return $total;
	}

	public function get_cart_contents_tax() {
		return $this->get_cart_contents_total() * 0.1;
	}

	public function get_tax_price_display_mode() {
		return 'excl';
	}

	public function add_to_cart( $product_id, $quantity = 1, $variation_id = 0, $variation = array() ) {
		$key                  = md5( $product_id . $variation_id . json_encode( $variation ) );
		$this->lines[ $key ] = array(
			'key'          => $key,
			'product_id'   => $product_id,
			'variation_id' => $variation_id,
			'variation'    => $variation,
			'quantity'     => ( $this->lines[ $key ]['quantity'] ?? 0 ) + $quantity,
			'data'         => World::$now->products[ $variation_id ? $variation_id : $product_id ],
		);
		return $key;
	}

	public function empty_cart() {
		$this->lines = array();
		do_action( 'woocommerce_cart_emptied', true );
	}

	public function apply_coupon( $code ) {
		$this->codes[] = $code;
	}
}

class WC_Customer {
	public $email   = '';
	public $phone   = '';
	public $country = 'IT';

	public function get_billing_phone() {
		return $this->phone;
	}

	public function get_billing_country() {
		return $this->country;
	}

	public function get_billing_email() {
		return $this->email;
	}

	public function get_billing_first_name() {
		return 'Ada';
	}

	public function get_billing_last_name() {
		return 'Rossi';
	}
}

class WC_Order {
	public $meta   = array();
	public $status = 'pending';
	public $email  = '';
	public $phone  = '';
	public $country = 'IT';

	public function get_billing_phone() {
		return $this->phone;
	}

	public function get_billing_country() {
		return $this->country;
	}
	private $id;

	public function __construct( $id ) {
		$this->id                  = $id;
		World::$now->orders[ $id ] = $this;
	}

	public function get_id() {
		return $this->id;
	}

	public function update_meta_data( $key, $value ) {
		$this->meta[ $key ] = $value;
	}

	public function get_meta( $key ) {
		return $this->meta[ $key ] ?? '';
	}

	public function has_status( $some ) {
		return in_array( $this->status, $some, true );
	}

	public function get_billing_email() {
		return $this->email;
	}

	public function get_billing_first_name() {
		return 'Ada';
	}

	public function get_billing_last_name() {
		return 'Rossi';
	}
}

function WC() { // phpcs:ignore WordPress.NamingConventions.ValidFunctionName
	return World::$now->woo;
}

function wc_get_product( $id ) {
	return World::$now->products[ $id ] ?? false;
}

function wc_get_order( $id ) {
	return World::$now->orders[ $id ] ?? false;
}

function wc_get_price_to_display( $product, $given ) {
	return $product->data['price'] * $given['qty'];
}

function wc_get_price_decimals() {
	return 2;
}

function wc_get_formatted_variation( $product ) {
	return implode( ', ', $product->data['attributes'] );
}

function wc_get_product_terms() {
	return array( 'Wine &amp; more', 'Red' );
}

function get_woocommerce_currency() {
	return 'EUR';
}

function wc_format_coupon_code( $code ) {
	return strtolower( trim( $code ) );
}

function wc_coupons_enabled() {
	return true;
}

function wc_clean( $value ) {
	return is_array( $value ) ? array_map( 'wc_clean', $value ) : sanitize_text_field( $value );
}

function wc_add_notice( $text ) {
	World::$now->notices[] = $text;
}

function wc_get_cart_url() {
	return home_url( '/cart/' );
}

function wc_get_checkout_url() {
	return home_url( '/checkout/' );
}

function is_checkout() {
	return World::$now->flags['checkout'] ?? false;
}

function is_wc_endpoint_url() {
	return World::$now->flags['endpoint'] ?? false;
}

function woocommerce_register_additional_checkout_field( $field ) {
	World::$now->fields[] = $field;
}

function wc_get_logger() {
	return new class() {
		public function error( $text ) {
			World::$now->logged[] = $text;
		}
	};
}
