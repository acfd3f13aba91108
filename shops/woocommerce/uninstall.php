<?php
/**
 * Leaves nothing behind: table, options, planned jobs, and what was written beside customers and orders.
 *
 * @package Ripresa
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/**
 * Clean one site.
 */
function ripresa_uninstall_site() {
	global $wpdb;
	foreach ( array( 'ripresa_settings', 'ripresa_state', 'ripresa_queue_version' ) as $ripresa_option ) {
		delete_option( $ripresa_option );
	}
	if ( function_exists( 'as_unschedule_all_actions' ) ) {
		as_unschedule_all_actions( 'ripresa_send', array(), 'ripresa' );
		as_unschedule_all_actions( 'ripresa_sweep', array(), 'ripresa' );
	}
	wp_clear_scheduled_hook( 'ripresa_send' );
	delete_post_meta_by_key( '_ripresa_cart' );
	// phpcs:disable WordPress.DB
	$orders = $wpdb->prefix . 'wc_orders_meta';
	if ( $orders === $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $orders ) ) ) ) {
		$wpdb->delete( $orders, array( 'meta_key' => '_ripresa_cart' ), array( '%s' ) );
	}
	$queue = $wpdb->prefix . 'ripresa_queue';
	$wpdb->query( "DROP TABLE IF EXISTS $queue" );
	// phpcs:enable WordPress.DB
}

if ( is_multisite() ) {
	foreach ( get_sites(
		array(
			'fields' => 'ids',
			'number' => 0,
		)
	) as $ripresa_site ) {
		switch_to_blog( $ripresa_site );
		ripresa_uninstall_site();
		restore_current_blog();
	}
} else {
	ripresa_uninstall_site();
}
foreach ( array( '_ripresa_cart', '_ripresa_consent', '_wc_other/ripresa/consent', '_ripresa_sms_consent', '_wc_other/ripresa/sms-consent' ) as $ripresa_key ) {
	delete_metadata( 'user', 0, $ripresa_key, '', true );
}
