"""The plugin in a real WordPress: set up by its page, recording, sending, bringing back, leaving nothing."""

import json
import re
from datetime import UTC, datetime

import pytest

from ripresa.connectors.woocommerce.connector import CONNECTOR
from ripresa.connectors.woocommerce.plugin import mark_of
from ripresa.contracts.feedback import HookRequest
from tests.peers.wordpress import IS_THERE, WordPress
from tests.scripted_http import Said, ScriptedApi

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(not IS_THERE, reason="needs WordPress and MariaDB: make test-peers"),
]
SECRET = "kept & sealed"
TOKEN = "wc_" + "0f" * 16


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with WordPress(tmp_path_factory.mktemp("wordpress")) as site:
        yield site


@pytest.fixture(scope="module")
def ripresa():
    with ScriptedApi(lambda _: Said(200, "{}")) as api:
        yield api


def nonces(page: str) -> list[str]:
    return re.findall(r'name="_wpnonce" value="([0-9a-f]+)"', page)


def test_it_is_set_up_by_its_page_and_calls(site, ripresa):
    site.sign_in()
    status, _, page = site.get("/wp-admin/admin.php?page=ripresa")
    assert status == 200
    assert "Events waiting: 0" in page
    form = {
        "option_page": "ripresa",
        "action": "update",
        "ripresa_settings[address]": ripresa.url + "/hooks/woocommerce/x",
        "ripresa_settings[secret]": SECRET,
        "ripresa_settings[ask]": "yes",
        "ripresa_settings[members]": "yes",
    }
    status, _, _ = site.post("/wp-admin/options.php", form | {"_wpnonce": "0123456789"})
    assert status == 403
    status, headers, _ = site.post("/wp-admin/options.php", form | {"_wpnonce": nonces(page)[0]})
    assert (status, "settings-updated=true" in headers["location"]) == (302, True)
    _, _, page = site.get("/wp-admin/admin.php?page=ripresa&settings-updated=true")
    assert "A secret is kept" in page
    assert SECRET.replace("&", "&amp;") not in page
    site.post("/wp-admin/admin-post.php", {"action": "ripresa_hello", "_wpnonce": nonces(page)[-1]})
    assert ripresa.heard[-1].headers["x-wc-webhook-topic"] == "ripresa.hello"
    _, _, page = site.get("/wp-admin/admin.php?page=ripresa")
    assert "Ripresa answers." in page


def test_a_visit_is_recorded_then_sent_and_believed(site, ripresa):
    browser = "Mozilla/5.0 (iPhone)"
    site.get("/?add=1", **{"user-agent": browser, "cookie": ""})  # a guest
    site.get("/?add=1", **{"user-agent": browser})  # the one who is signed in
    assert site.load_and("echo Ripresa_Queue::count();").endswith("2")
    site.load_and("do_action( 'ripresa_send' );")
    heard = ripresa.heard[-1]
    call = HookRequest(heard.method, ripresa.url, heard.headers, heard.body, datetime.now(UTC))
    settings = {"webhook_secret": SECRET}
    guest, member = CONNECTOR.hear(call, settings).outcomes
    assert (guest.type, guest.user_agent, guest.contact) == ("cart.updated", browser, None)
    assert guest.cart.items[0].title == "Barolo"
    assert member.contact.email == "admin@wines.example"
    assert guest.cart.token != member.cart.token
    assert site.load_and("echo Ripresa_Queue::count();").endswith("0")


def test_a_cart_is_brought_back(site):
    target = f"/?ripresa_restore=7:2&ripresa_cart={TOKEN}&coupon=BACK10"
    status, headers, _ = site.get(target, cookie="")
    assert (status, headers["location"]) == (302, f"{site.url}/checkout/")
    assert "no-cache" in headers["cache-control"]


def test_it_can_be_set_up_over_its_rest_address(site):
    asked = """
        global $wp_rest_server; do_action( 'rest_api_init' ); remove_all_actions( 'shutdown' );
        $say = static function ( $user, $method, $given = array() ) {
            wp_set_current_user( $user );
            $request = new WP_REST_Request( $method, '/wc-ripresa/v1/connection' );
            $request->set_body_params( $given );
            $answer = rest_do_request( $request );
            return array( $answer->get_status(), $answer->get_data() );
        };
        $given = array( 'address' => 'https://r.example/hooks/woocommerce/y', 'secret' => 'woo' );
        echo "\\n", wp_json_encode( array(
            $say( 0, 'GET' ), $say( 0, 'POST', $given ), $say( 1, 'POST', array( 'secret' => 'woo' ) ),
            $say( 1, 'POST', array( 'address' => 'http://r.example/' ) + $given ), $say( 1, 'POST', $given ),
            $say( 1, 'GET' ) ) );"""
    answers = json.loads(site.load_and(asked).splitlines()[-1])
    assert [status for status, _ in answers] == [401, 401, 400, 400, 200, 200]
    told = answers[-1][1]
    assert (told["address"], told["mark"]) == (
        "https://r.example/hooks/woocommerce/y",
        mark_of("woo"),
    )
    assert "secret" not in told


def test_it_leaves_nothing_behind(site):
    site.load_and(
        "add_post_meta( 1, '_ripresa_cart', 'x' ); update_user_meta( 1, '_ripresa_consent', 'granted' );"
    )
    site.load_and(
        "define( 'WP_UNINSTALL_PLUGIN', 'ripresa/ripresa.php' );"
        "include WP_PLUGIN_DIR . '/ripresa/uninstall.php'; remove_all_actions( 'shutdown' );"
    )
    left = site.load_and(
        """global $wpdb; remove_all_actions( 'shutdown' ); remove_all_actions( 'init' );
        $like = '%ripresa%';
        echo "\\n", json_encode( array(
            $wpdb->get_col( "SELECT option_name FROM wp_options WHERE option_name LIKE '$like'" ),
            $wpdb->get_col( "SELECT meta_key FROM wp_usermeta WHERE meta_key LIKE '$like'" ),
            $wpdb->get_col( "SELECT meta_key FROM wp_postmeta WHERE meta_key LIKE '$like'" ) ) );"""
    )
    # Loading WordPress once more to look has made the queue's table anew, for the plugin is still there.
    options, users, posts = json.loads(left.splitlines()[-1])
    assert (set(options) - {"ripresa_queue_version"}, users, posts) == (set(), [], [])
