<?php
/**
 * As much of WordPress as the plugin touches, kept in memory. Written for these tests.
 *
 * @package Ripresa
 */

define( 'ABSPATH', __DIR__ . '/' );
define( 'MINUTE_IN_SECONDS', 60 );
define( 'HOUR_IN_SECONDS', 3600 );

/** The state of the little WordPress; a test begins with a new one. */
class World {
	/** @var World */
	public static $now;
	public $hooks    = array();
	public $done     = array();
	public $options  = array();
	public $usermeta = array();
	public $user     = 0;
	public $jobs     = array();
	public $calls    = array();
	public $answers  = array();
	public $flags    = array();
	public $query    = array();
	public $fields   = array();
	public $redirect = '';
	public $json     = null;
	public $orders   = array();
	public $products = array();
	public $notices  = array();
	public $logged   = array();
	public $woo;
}

/** wpdb over SQLite. */
class Database {
	public $prefix    = 'wp_';
	public $insert_id = 0;
	private $pdo;

	public function __construct() {
		$this->pdo = new PDO( 'sqlite::memory:', null, null, array( PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION ) );
		$this->pdo->exec( 'CREATE TABLE wp_ripresa_queue (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL)' );
	}

	public function prepare( $sql, ...$values ) {
		foreach ( $values as $value ) {
			$sql = preg_replace( '/%[ds]/', is_int( $value ) ? (string) $value : $this->pdo->quote( $value ), $sql, 1 );
		}
		return $sql;
	}

	public function insert( $table, $row ) {
		$names = implode( ',', array_keys( $row ) );
		$marks = implode( ',', array_fill( 0, count( $row ), '?' ) );
		$this->pdo->prepare( "INSERT INTO $table ($names) VALUES ($marks)" )->execute( array_values( $row ) );
		$this->insert_id = (int) $this->pdo->lastInsertId();
		return 1;
	}

	public function get_results( $sql ) {
		return $this->pdo->query( $sql )->fetchAll( PDO::FETCH_OBJ );
	}

	public function get_var( $sql ) {
		return $this->pdo->query( $sql )->fetchColumn();
	}

	public function query( $sql ) {
		return $this->pdo->exec( $sql );
	}

	public function esc_like( $text ) {
		return addcslashes( $text, '_%\\' );
	}

	public function get_charset_collate() {
		return '';
	}
}

class WP_Error {
	private $message;

	public function __construct( $code, $message ) {
		$this->message = $message;
	}

	public function get_error_message() {
		return $this->message;
	}
}

/** Thrown where WordPress would end the request. */
class Ended extends Exception {}

function add_action( $hook, $callback, $priority = 10, $count = 1 ) {
	World::$now->hooks[ $hook ][ $priority ][] = array( $callback, $count );
}

function add_filter( $hook, $callback, $priority = 10, $count = 1 ) {
	add_action( $hook, $callback, $priority, $count );
}

function do_action( $hook, ...$given ) {
	World::$now->done[ $hook ] = ( World::$now->done[ $hook ] ?? 0 ) + 1;
	$callbacks                 = World::$now->hooks[ $hook ] ?? array();
	ksort( $callbacks );
	foreach ( $callbacks as $some ) {
		foreach ( $some as list( $callback, $count ) ) {
			$callback( ...array_slice( $given, 0, $count ) );
		}
	}
}

function did_action( $hook ) {
	return World::$now->done[ $hook ] ?? 0;
}

function register_activation_hook() {}

function register_deactivation_hook() {}

function get_option( $name, $default = false ) {
	return World::$now->options[ $name ] ?? $default;
}

function update_option( $name, $value ) {
	World::$now->options[ $name ] = $value;
	return true;
}

function add_settings_error( $option, $code, $message ) {
	World::$now->notices[] = $message;
}

function esc_url_raw( $url, $schemes = array() ) {
	return in_array( parse_url( $url, PHP_URL_SCHEME ), $schemes, true ) ? $url : '';
}

function wp_parse_url( $url, $part = -1 ) {
	return parse_url( $url, $part );
}

function sanitize_text_field( $text ) {
	return trim( preg_replace( '/\s+/', ' ', strip_tags( (string) $text ) ) );
}

function sanitize_key( $text ) {
	return preg_replace( '/[^a-z0-9_\-]/', '', strtolower( (string) $text ) );
}

function sanitize_email( $text ) {
	return trim( (string) $text );
}

function is_email( $text ) {
	return filter_var( $text, FILTER_VALIDATE_EMAIL );
}

function wp_unslash( $value ) {
	return is_array( $value ) ? array_map( 'wp_unslash', $value ) : stripslashes( (string) $value );
}

function absint( $value ) {
	return abs( (int) $value );
}

function __( $text ) {
	return $text;
}

function esc_html( $text ) {
	return htmlspecialchars( (string) $text, ENT_QUOTES );
}

function wp_strip_all_tags( $text ) {
	return trim( strip_tags( $text ) );
}

function wp_json_encode( $value ) {
	return json_encode( $value );
}

function wp_specialchars_decode( $text ) {
	return htmlspecialchars_decode( $text, ENT_QUOTES );
}

function wp_generate_uuid4() {
	return vsprintf( '%s%s-%s-4%s-8%s-%s%s%s', str_split( bin2hex( random_bytes( 15 ) ) . '00', 4 ) );
}

function wp_hash( $text ) {
	return md5( 'salt' . $text );
}

function home_url( $path = '' ) {
	return 'https://wines.example' . $path;
}

function determine_locale() {
	return 'it_IT';
}

function is_admin() {
	return false;
}

function wp_doing_ajax() {
	return false;
}

function wp_doing_cron() {
	return false;
}

function is_404() {
	return World::$now->flags['404'] ?? false;
}

function is_feed() {
	return false;
}

function is_robots() {
	return false;
}

function is_favicon() {
	return false;
}

function get_query_var( $name ) {
	return World::$now->query[ $name ] ?? '';
}

function is_user_logged_in() {
	return World::$now->user > 0;
}

function get_current_user_id() {
	return World::$now->user;
}

function wp_get_current_user() {
	return (object) array(
		'ID'         => World::$now->user,
		'user_email' => 'ada@example.test',
		'first_name' => 'Ada',
		'last_name'  => 'Rossi',
	);
}

function get_user_meta( $user, $key ) {
	return World::$now->usermeta[ $user ][ $key ] ?? '';
}

function update_user_meta( $user, $key, $value ) {
	World::$now->usermeta[ $user ][ $key ] = $value;
}

function delete_user_meta( $user, $key ) {
	$is_there = isset( World::$now->usermeta[ $user ][ $key ] );
	unset( World::$now->usermeta[ $user ][ $key ] );
	return $is_there;
}

function get_user_by( $field, $value ) {
	return 'ada@example.test' === $value ? (object) array( 'ID' => 77 ) : false;
}

function check_ajax_referer( $action, $name ) {
	return ( $_POST[ $name ] ?? '' ) === 'nonce of ' . $action;
}

function wp_send_json_success() {
	World::$now->json = 200;
	throw new Ended();
}

function wp_send_json_error( $data, $status ) {
	World::$now->json = $status;
	throw new Ended();
}

function nocache_headers() {}

function wp_safe_redirect( $url ) {
	World::$now->redirect = $url;
}

function taxonomy_exists( $name ) {
	return 'pa_size' === $name;
}

function get_term_by( $field, $value ) {
	return (object) array( 'name' => ucfirst( $value ) );
}

function wp_get_attachment_image_url( $id ) {
	return $id ? "https://wines.example/pictures/$id.jpg" : false;
}

function is_wp_error( $value ) {
	return $value instanceof WP_Error;
}

function wp_remote_post( $url, $given ) {
	World::$now->calls[] = array( $url, $given );
	return array_shift( World::$now->answers ) ?? array(
		'status'  => 200,
		'headers' => array(),
	);
}

function wp_remote_retrieve_response_code( $answer ) {
	return $answer['status'];
}

function wp_remote_retrieve_header( $answer, $name ) {
	return $answer['headers'][ $name ] ?? '';
}

function as_enqueue_async_action( $hook, $args, $group, $unique ) {
	foreach ( World::$now->jobs as $job ) {
		if ( $unique && $job[0] === $hook ) {
			return 0;
		}
	}
	World::$now->jobs[] = array( $hook, 0 );
	return count( World::$now->jobs );
}

function as_schedule_single_action( $at, $hook ) {
	World::$now->jobs[] = array( $hook, $at - time() );
}
