<?php
/**
 * Events that wait to be sent.
 *
 * @package Ripresa
 */

defined( 'ABSPATH' ) || exit;

/**
 * A table of its own: a row is one store event as JSON. It never grows beyond a bound; the oldest go first.
 */
class Ripresa_Queue {

	const VERSION        = '1';
	const VERSION_OPTION = 'ripresa_queue_version';
	const MOST           = 5000;

	/**
	 * The table's name.
	 *
	 * @return string
	 */
	public static function table() {
		global $wpdb;
		return $wpdb->prefix . 'ripresa_queue';
	}

	/**
	 * Make the table.
	 */
	public static function install() {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		$table = self::table();
		dbDelta(
			"CREATE TABLE $table (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  event longtext NOT NULL,
  PRIMARY KEY  (id)
) {$wpdb->get_charset_collate()};"
		);
		update_option( self::VERSION_OPTION, self::VERSION );
	}

	/**
	 * Make the table where activation made none: further sites of a network, and after an update.
	 */
	public static function install_when_new() {
		if ( self::VERSION !== get_option( self::VERSION_OPTION ) ) {
			self::install();
		}
	}

	/**
	 * Put an event at the end.
	 *
	 * @param array $event A store event.
	 */
	public static function put( array $event ) {
		global $wpdb;
		$json = wp_json_encode( $event );
		if ( false === $json ) {
			return;
		}
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery.DirectQuery
		$wpdb->insert( self::table(), array( 'event' => $json ), array( '%s' ) );
		$first = (int) $wpdb->insert_id - self::MOST;
		if ( $first > 0 ) {
			self::drop_before( $first );
		}
	}

	/**
	 * The oldest events.
	 *
	 * @param int $most How many at most.
	 * @return array<int, string> Id to JSON.
	 */
	public static function peek( $most ) {
		global $wpdb;
		$table = self::table();
		// phpcs:ignore WordPress.DB
		$rows = $wpdb->get_results( $wpdb->prepare( "SELECT id, event FROM $table ORDER BY id LIMIT %d", $most ) );
		$some = array();
		foreach ( (array) $rows as $row ) {
			$some[ (int) $row->id ] = (string) $row->event;
		}
		return $some;
	}

	/**
	 * Take events out.
	 *
	 * @param int[] $ids Theirs.
	 */
	public static function drop( array $ids ) {
		global $wpdb;
		if ( $ids ) {
			$table = self::table();
			$list  = implode( ',', array_map( 'intval', $ids ) );
			// phpcs:ignore WordPress.DB
			$wpdb->query( "DELETE FROM $table WHERE id IN ($list)" );
		}
	}

	/**
	 * Take out what is told of one person.
	 *
	 * @param string $email Her address, in lower case, or her number as she typed it.
	 * @return int How many.
	 */
	public static function drop_of( $email ) {
		global $wpdb;
		if ( ! is_email( $email ) && ! preg_match( Ripresa_Phone::PATTERN, $email ) ) {
			return 0;
		}
		$table = self::table();
		$named = '%' . $wpdb->esc_like( (string) wp_json_encode( $email ) ) . '%';
		// phpcs:ignore WordPress.DB
		return (int) $wpdb->query( $wpdb->prepare( "DELETE FROM $table WHERE event LIKE %s", $named ) );
	}

	/**
	 * How many wait.
	 *
	 * @return int
	 */
	public static function count() {
		global $wpdb;
		$table = self::table();
		// phpcs:ignore WordPress.DB
		return (int) $wpdb->get_var( "SELECT COUNT(*) FROM $table" );
	}

	/**
	 * Drop what is too old to fit, and count it.
	 *
	 * @param int $first The oldest id that may stay.
	 */
	private static function drop_before( $first ) {
		global $wpdb;
		$table = self::table();
		// phpcs:ignore WordPress.DB
		$gone = (int) $wpdb->query( $wpdb->prepare( "DELETE FROM $table WHERE id <= %d", $first ) );
		if ( $gone > 0 ) {
			Ripresa_Sender::note_dropped( $gone );
		}
	}
}
