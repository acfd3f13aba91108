<?php
/**
 * Nobody's number is told before its owner has said yes to text messages.
 *
 * @package Ripresa
 */

use PHPUnit\Framework\TestCase;

class PhoneTest extends TestCase {

	const TYPED = array(
		'phone'   => '333 000-0001',
		'country' => 'IT',
	);

	private static function shop( array $settings = array( 'ask_sms' => 'yes' ) ) {
		$shop = new Shop( $settings );
		$shop->request(
			static function ( $cart ) {
				$cart->add_to_cart( 7, 1 );
			}
		);
		return $shop;
	}

	public function test_a_number_is_told_with_a_yes_of_its_own_and_once() {
		$shop = self::shop();
		$this->assertSame( array(), $shop->script( self::TYPED + array( 'sms_consent' => 'denied' ) ) );
		$mail = $shop->script( self::TYPED + array( 'email' => 'ada@example.test', 'consent' => 'granted' ) );
		$this->assertCount( 1, $mail );
		$this->assertArrayNotHasKey( 'phone', $mail[0]['contact'] );
		$events = $shop->script( self::TYPED + array( 'sms_consent' => 'granted' ) );
		$this->assertCount( 1, $events );
		$this->assertSame( 'contact.identified', $events[0]['type'] );
		$this->assertSame( $shop->woo->session->get( 'ripresa_cart' ), $events[0]['cart']['token'] );
		$this->assertSame(
			array(
				'phone'          => '333 000-0001',
				'phone_country'  => 'IT',
				'consent'        => array( 'sms' => 'granted' ),
				'consent_source' => 'checkout',
				'consent_text'   => 'Text me if I leave my cart behind. I can stop this at any time.',
			),
			$events[0]['contact']
		);
		$this->assertSame( array(), $shop->script( self::TYPED + array( 'sms_consent' => 'granted' ) ) );
	}

	public function test_the_address_stands_beside_the_number_where_its_owner_agreed_to_that_as_well() {
		$shop = self::shop();
		$text = self::TYPED + array( 'email' => 'ada@example.test', 'sms_consent' => 'granted' );
		$this->assertArrayNotHasKey( 'email', $shop->script( $text )[0]['contact'] );
		$shop->script( array( 'email' => 'Ada@example.test', 'consent' => 'granted' ) );
		$events = $shop->script( $text );
		$this->assertSame( array( 'contact.identified' ), array_column( $events, 'type' ) );
		$this->assertSame( 'ada@example.test', $events[0]['contact']['email'] );
		$this->assertSame( array( 'sms' => 'granted' ), $events[0]['contact']['consent'] );
		$this->assertArrayNotHasKey( 'email', $shop->script( array( 'email' => 'bob@example.test' ) + $text )[0]['contact'] );
	}

	public function test_a_yes_can_be_taken_back_and_the_one_to_mail_stays() {
		$shop = self::shop();
		$shop->script( array( 'email' => 'ada@example.test', 'consent' => 'granted' ) );
		$shop->script( self::TYPED + array( 'sms_consent' => 'granted' ) );
		$events = $shop->script( self::TYPED + array( 'sms_consent' => 'denied' ) );
		$this->assertSame( array( 'consent.changed' ), array_column( $events, 'type' ) );
		$this->assertSame( array( 'sms' => 'denied' ), $events[0]['contact']['consent'] );
	}

	public function test_what_is_no_number_is_not_told() {
		$shop = self::shop();
		foreach ( array( '', '12', 'call me', str_repeat( '3', 31 ) ) as $phone ) {
			$this->assertSame( array(), $shop->script( array( 'phone' => $phone, 'country' => 'IT', 'sms_consent' => 'granted' ) ), $phone );
		}
		$events = $shop->script( array( 'phone' => '+39 333 0000001', 'country' => '<b>', 'sms_consent' => 'granted' ) );
		$this->assertArrayNotHasKey( 'phone_country', $events[0]['contact'] );
	}

	public function test_without_the_script_both_checkouts_tell_it_with_the_order() {
		$shop         = self::shop();
		$order        = new WC_Order( 9 );
		$order->phone = '333 000-0001';
		$_POST        = array( 'ripresa_sms_consent' => '1' );
		$classic      = $shop->request(
			static function () use ( $order ) {
				do_action( 'woocommerce_checkout_order_processed', 9, array(), $order );
			}
		);
		$_POST        = array();
		$this->assertSame( array( 'sms' => 'granted' ), $classic[0]['contact']['consent'] );

		$shop  = self::shop();
		$place = static function ( $ticked ) use ( $shop, $order ) {
			$order->update_meta_data( '_wc_other/ripresa/sms-consent', $ticked );
			return $shop->request(
				static function () use ( $order ) {
					do_action( 'woocommerce_store_api_checkout_order_processed', $order );
				}
			);
		};
		$this->assertSame( array(), $place( '0' ) );
		$this->assertSame( 'contact.identified', $place( '1' )[0]['type'] );
		$this->assertSame( array(), $place( '1' ) );
		$this->assertSame( 'consent.changed', $place( '0' )[0]['type'] );
	}

	public function test_both_checkouts_have_a_box_only_where_the_shop_asks() {
		self::shop();
		$this->assertSame( array( 'ripresa/consent', 'ripresa/sms-consent' ), array_column( World::$now->fields, 'id' ) );
		$shop = self::shop( array( 'ask_sms' => 'yes', 'ask' => 'no' ) );
		$this->assertSame( array( 'ripresa/sms-consent' ), array_column( World::$now->fields, 'id' ) );
		$this->assertSame( array(), $shop->script( array( 'email' => 'ada@example.test', 'consent' => 'granted' ) ) );
		$this->assertCount( 1, $shop->script( self::TYPED + array( 'sms_consent' => 'granted' ) ) );
		$shop = self::shop( array() );
		$this->assertSame( array( 'ripresa/consent' ), array_column( World::$now->fields, 'id' ) );
		$this->assertSame( array(), $shop->script( self::TYPED + array( 'sms_consent' => 'granted' ) ) );
	}

	public function test_a_customer_may_change_her_mind_in_her_account_and_wordpress_erases_her_number() {
		$shop            = self::shop();
		$account         = new WC_Customer();
		$account->phone  = '333 000-0001';
		$save            = static function ( $value ) use ( $shop, $account ) {
			return $shop->request(
				static function () use ( $value, $account ) {
					do_action( 'woocommerce_set_additional_field_value', 'ripresa/sms-consent', $value, 'other', $account );
				}
			);
		};
		World::$now->user = 77;
		$this->assertSame( 'contact.identified', $save( true )[0]['type'] );
		$this->assertSame( 'granted', World::$now->usermeta[77]['_ripresa_sms_consent'] );
		$this->assertSame( 'consent.changed', $save( false )[0]['type'] );
		World::$now->usermeta[77]['billing_phone'] = '333 000-0001';
		( new Ripresa_Privacy() )->erase( 'ada@example.test' );
		$this->assertStringNotContainsString( '333 000', (string) json_encode( Shop::queued() ) );
		$this->assertArrayNotHasKey( '_ripresa_sms_consent', World::$now->usermeta[77] );
	}
}
