package io.mqcontroller.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.mqcontroller.it.cluster.Browser;
import io.mqcontroller.it.cluster.Checkout;
import io.mqcontroller.it.cluster.ControllerClient;
import io.mqcontroller.it.cluster.ControllerCluster;
import io.mqcontroller.it.cluster.ControllerKind;
import io.mqcontroller.it.cluster.ControllerNode;
import io.mqcontroller.it.cluster.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser, with controllers that lead brokers only by name. The last test changes the leader. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIT {
    private static final Path PASSWORD_FILE =
            Checkout.root().resolve("integration-tests/src/test/resources/console-password");

    private static final String FOCUSED = "document.activeElement.dataset.action";
    private static final String DETAIL_HIDDEN = "document.getElementById('detail').hidden";

    private ControllerCluster controllers;
    private ControllerNode leader;
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path folder) {
        controllers = new ControllerCluster(
                ControllerKind.OURS, 3, folder, Map.of("consolePasswordFile", PASSWORD_FILE.toString()));
        controllers.startAll();
        leader = controllers.awaitLeader();
        browser = Browser.open(folder, "http://" + leader.host().at(leader.httpPort()) + "/");
        await("the page is live", () -> browser.text("#link"), "live"::equals);
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
        controllers.close();
    }

    @AfterEach
    void thePageHadNothingToComplainOf() {
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    @Order(1)
    void namesThatLookLikeMarkupAreTextAndNothingElse() throws IOException {
        String cluster = "\"><script>document.body.dataset.hacked = 1</script>";
        String name = "<img src=x onerror='document.body.dataset.hacked = 2'>";
        try (ControllerClient broker = controllers.connectToLeader()) {
            assertEquals(
                    0, broker.applyBrokerId(cluster, name, 1, "127.0.0.1:1;1").code());
            assertEquals(0, broker.register(cluster, name, 1, "127.0.0.1:1").code());
            assertEquals(0, broker.elect(cluster, name, 1, false).code());
        }
        await("the group is shown", () -> browser.text("#canvas .row"), row -> row.contains(name + " " + cluster));
        await("and its election", () -> browser.text("#events"), events -> events.contains(name));
        browser.click("#events button");
        signIn();
        await("what may be done", () -> browser.text("[data-action=drain-1]"), "Drain"::equals);
        pressEnterOn("[data-action=drain-1]");
        assertEquals("Drain broker 1 of " + name + "?", browser.text("dialog[open] h3"));
        browser.press("Escape");
        await("the focus comes back", () -> browser.evaluate(FOCUSED), "drain-1"::equals);
        browser.press("Escape");
        assertEquals(true, browser.evaluate(DETAIL_HIDDEN));
        assertNull(browser.evaluate("document.body.dataset.hacked"));
        assertEquals(0L, browser.evaluate("document.images.length"));
        assertEquals(1L, browser.evaluate("document.scripts.length"));
    }

    private void pressEnterOn(String selector) {
        browser.evaluate("document.querySelector(" + Json.quote(selector) + ").focus()");
        browser.press("Enter");
    }

    private void signIn() {
        browser.click("#sign-in");
        browser.type("only for tests");
        browser.click("dialog[open] button.main");
        await("signed in", () -> browser.text("#sign-out"), "Sign out"::equals);
    }

    @Test
    @Order(2)
    void aMachineIsDrainedAndTheTimelineSaysWhoAskedForIt() throws IOException {
        try (SimulatedGroup group = SimulatedGroup.healthy(controllers, 2)) {
            pressEnterOn("#show-machines");
            await("the machine is there", () -> browser.text("#machine-rows"), rows -> rows.startsWith("127.0.0.1"));
            pressEnterOn("[data-action='drain-machine-127.0.0.1']");
            await(
                    "what may happen is said",
                    () -> browser.text("dialog[open]:last-of-type"),
                    text -> text.contains("Nobody elsewhere can take over now") && text.contains(group.name()));
            assertEquals("Cancel", browser.text(":focus"), "Enter alone does no harm");
            browser.press("Enter");
            await("the focus comes back", () -> browser.evaluate(FOCUSED), "drain-machine-127.0.0.1"::equals);
            browser.press("Enter");
            browser.click("dialog[open]:last-of-type button.main");
            await("it is done", () -> browser.text("#machines-said"), said -> said.contains("3 replicas are drained"));
            browser.click("#close-machines");
            assertEquals("show-machines", browser.evaluate("document.activeElement.id"));
            await(
                    "the timeline",
                    () -> browser.text("#events"),
                    events -> events.contains(leader.id() + " was asked: drain machine 127.0.0.1")
                            && events.contains("operator at 127.0.0.1:")
                            && events.contains("replica 2 drained"));
            group.broker(1).die();
            group.broker(2).die();
            findAndOpen(group.name());
            await("why nobody is elected", () -> browser.text(".trouble"), text -> text.startsWith("Nobody can be"));
            await(
                    "nobody can be elected by hand either",
                    () -> browser.text("[data-action=elect][disabled]"),
                    "Elect a master"::equals);
            browser.press("Escape");
            assertEquals("grid", browser.evaluate("document.activeElement.id"));
            browser.press("/");
            browser.type("no such group");
            browser.press("Enter");
            assertEquals(true, browser.evaluate(DETAIL_HIDDEN), "nothing was found, so nothing opens");
        }
    }

    private void findAndOpen(String name) {
        browser.press("/");
        browser.type(name);
        await("the group is found", () -> browser.text("#canvas .row"), row -> row.contains(name));
        browser.press("Enter");
    }

    @Test
    @Order(3)
    void aFirstMasterIsElectedByHandWhereNobodyAskedToBeIt() throws IOException {
        try (SimulatedGroup group = new SimulatedGroup(controllers)) {
            group.join(1).beatTo(leader.address());
            group.awaitAlive(1L);
            findAndOpen(group.name());
            await("it can be elected", () -> browser.text("[data-action=elect-1]:not([disabled])"), "Elect"::equals);
            pressEnterOn("[data-action=elect-1]");
            assertEquals("Elect broker 1 of " + group.name() + "?", browser.text("dialog[open] h3"));
            browser.click("dialog[open] button.main");
            await("it is master", () -> browser.text("#detail"), text -> text.contains("1, epoch 1"));
            await("the timeline", () -> browser.text("#events"), events -> events.contains("was asked: elect 1"));
            assertEquals(OptionalLong.of(1), group.view().master());
            browser.press("Escape");
        }
    }

    @Test
    @Order(4)
    void aPageThatHearsNothingSaysSinceWhenAndComesBack() {
        leader.process().freeze();
        try {
            // Nothing tells the browser that the other side stands still. Its clock is moved on, not to wait so long.
            browser.evaluate("(() => { const now = Date.now; Date.now = () => now() + 10_000; })()");
            await("it says so", () -> browser.text("#stale"), text -> text.startsWith("No connection since "));
            assertEquals("no connection", browser.text("#link"));
        } finally {
            leader.process().thaw();
        }
        await("it is live again", () -> browser.text("#link"), "live"::equals);
        assertEquals("", browser.text("#stale"));
    }

    private static void await(String what, Supplier<Object> value, Predicate<String> condition) {
        Object[] last = new Object[1];
        try {
            Awaitility.await(what)
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        last[0] = value.get();
                        return last[0] instanceof String text && condition.test(text);
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + ": not within 60 s, but " + Json.quote(String.valueOf(last[0])), e);
        }
    }
}
