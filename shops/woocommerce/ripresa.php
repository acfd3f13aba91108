<?php
/**
 * Plugin Name:          Ripresa for WooCommerce
 * Description:          Tells your own Ripresa about carts and checkouts, so that people who left one can be reminded.
 * Version:              0.1.0
 * Requires at least:    6.5
 * Requires PHP:         7.4
 * Requires Plugins:     woocommerce
 * Author:               The Ripresa authors
 * License:              Apache-2.0
 * License URI:          https://www.apache.org/licenses/LICENSE-2.0
 * Text Domain:          ripresa
 * Domain Path:          /languages
 * WC requires at least: 8.2
 * WC tested up to:      10.3
 *
 * Apache-2.0 goes together with the GPL, version 3. WordPress and WooCommerce may be used under that
 * version ("2 or later", "3"), so whoever hands on all of them together does so under the GPLv3.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

define( 'RIPRESA_VERSION', '0.1.0' );
define( 'RIPRESA_FILE', __FILE__ );

foreach ( array( 'settings', 'queue', 'sender', 'cart', 'restore', 'recorder', 'contact', 'phone', 'orders', 'connection', 'privacy', 'admin', 'plugin' ) as $ripresa_part ) {
	require_once __DIR__ . '/includes/class-ripresa-' . $ripresa_part . '.php';
}
unset( $ripresa_part );

register_activation_hook( __FILE__, array( 'Ripresa_Queue', 'install' ) );
register_deactivation_hook( __FILE__, array( 'Ripresa_Sender', 'stop' ) );
add_action( 'before_woocommerce_init', array( 'Ripresa_Plugin', 'declare_compatibility' ) );
add_action( 'woocommerce_loaded', array( 'Ripresa_Plugin', 'start' ) );
