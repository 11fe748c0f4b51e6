package io.mqcontroller.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ControllersTest {
    private final AtomicReference<String> configured = new AtomicReference<>("h1:9877;h2:9877");

    @Test
    void namesAreLeftToWhoeverDialsThem() {
        assertEquals(List.of("h1:9877", "h2:9877"), new Controllers(configured::get, false).now());
    }

    @Test
    void changedConfigurationCountsFromTheNextLookOn() {
        Controllers controllers = new Controllers(configured::get, false);
        controllers.now();
        configured.set("h3:9877");
        assertEquals(List.of("h3:9877"), controllers.now());
    }

    @Test
    void nameOfManyIsLookedUpEachTime() {
        configured.set("localhost:9877");
        Controllers controllers = new Controllers(configured::get, true);
        assertTrue(controllers.now().contains("127.0.0.1:9877"), () -> controllers.now() + "");
        configured.set("127.0.0.2:9877");
        assertEquals(List.of("127.0.0.2:9877"), controllers.now());
    }

    @Test
    void nameThatIsNotKnownNowGivesNothing() {
        configured.set("no-such-host.invalid:9877");
        assertEquals(List.of(), new Controllers(configured::get, true).now());
    }
}
