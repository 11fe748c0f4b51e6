package io.mqcontroller.controller.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.config.LiveConfig.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveConfigTest {
    @TempDir
    Path folder;

    private LiveConfig live;

    @BeforeEach
    void load() throws Exception {
        live = reload("");
    }

    @Test
    void aChangeHoldsAtOnceAndAfterARestart() throws Exception {
        assertEquals(Optional.empty(), live.change(Map.of("enableElectUncleanMaster", "true"), "10.0.0.9:5"));

        assertTrue(live.enableElectUncleanMaster());
        assertTrue(live.effectiveProperties().contains("enableElectUncleanMaster=true\n"));
        assertTrue(reload("").enableElectUncleanMaster());
        assertTrue(reload("").explained().contains("changed at run time"));
    }

    @Test
    void whoWantsToKnowIsToldWhenTheNewValueHolds() {
        AtomicBoolean seen = new AtomicBoolean();
        live.whenChanged(changed -> seen.set(live.enableElectUncleanMaster()));

        live.change(Map.of("enableElectUncleanMaster", "true"), "10.0.0.9:5");

        assertTrue(seen.get());
    }

    @Test
    void whoWantsToKnowIsToldWhatHasChangedAndWhoAskedForIt() {
        List<LiveConfig.Changed> told = new ArrayList<>();
        live.whenChanged(told::add);

        live.change(Map.of("enableElectUncleanMaster", "true", "notifyBrokerRoleChanged", "true"), "10.0.0.9:5");
        live.change(Map.of("enableElectUncleanMaster", "true"), "10.0.0.9:6");

        assertEquals(1, told.size(), "the same again is no change");
        assertEquals("10.0.0.9:5", told.get(0).by());
        assertEquals(
                Map.of("enableElectUncleanMaster", new LiveConfig.Changed.Values("false", "true")),
                told.get(0).values());
    }

    @Test
    void secretsAreNotShown() {
        assertEquals("(not shown)", LiveConfig.shown("tlsKeyPassword", "hunter2"));
        assertEquals("(not shown)", LiveConfig.shown("accessToken", "hunter2"));
        assertEquals("true", LiveConfig.shown("notifyBrokerRoleChanged", "true"));
    }

    @Test
    void laterChangesKeepEarlierOnes() throws Exception {
        live.change(Map.of("enableElectUncleanMaster", "true"), "10.0.0.9:5");
        live.change(Map.of("notifyBrokerRoleChanged", "false"), "10.0.0.9:5");

        LiveConfig restarted = reload("");
        assertTrue(restarted.enableElectUncleanMaster());
        assertFalse(restarted.notifyBrokerRoleChanged());
    }

    @Test
    void aKeyThatCantChangeIsRefusedByName() {
        Refused refused = live.change(Map.of("controllerStorePath", "/tmp/elsewhere"), "10.0.0.9:5")
                .orElseThrow();

        assertEquals(Refused.Reason.NOT_CHANGEABLE, refused.reason());
        assertTrue(refused.message().startsWith("controllerStorePath can't be changed at run time"), refused.message());
    }

    @Test
    void aKeyOnTheBlackListIsRefused() throws Exception {
        LiveConfig careful = reload("configBlackList=enableElectUncleanMaster\n");

        Refused refused = careful.change(Map.of("enableElectUncleanMaster", "true"), "10.0.0.9:5")
                .orElseThrow();

        assertEquals(Refused.Reason.NOT_CHANGEABLE, refused.reason());
        assertFalse(careful.enableElectUncleanMaster());
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestName() {
        Refused refused =
                live.change(Map.of("enableUncleanMaster", "true"), "10.0.0.9:5").orElseThrow();

        assertEquals(Refused.Reason.UNKNOWN_KEY, refused.reason());
        assertTrue(refused.message().contains("enableElectUncleanMaster"), refused.message());
    }

    @Test
    void oneBadValueRefusesTheWholeChange() throws Exception {
        Refused refused = live.change(
                        Map.of("enableElectUncleanMaster", "true", "notifyBrokerRoleChanged", "maybe"), "10.0.0.9:5")
                .orElseThrow();

        assertEquals(Refused.Reason.BAD_VALUE, refused.reason());
        assertFalse(live.enableElectUncleanMaster());
        assertFalse(reload("").enableElectUncleanMaster());
    }

    @Test
    void aValueThatIsAlreadyInForceIsNoChange() {
        assertEquals(Optional.empty(), live.change(Map.of("controllerDLegerGroup", "g"), "10.0.0.9:5"));
        assertFalse(Files.exists(folder.resolve("store")));
    }

    @Test
    void aChangeThatCantBeStoredIsNotMade() throws Exception {
        Files.writeString(folder.resolve("store"), "a file where the folder should be");

        Refused refused = live.change(Map.of("enableElectUncleanMaster", "true"), "10.0.0.9:5")
                .orElseThrow();

        assertEquals(Refused.Reason.NOT_STORED, refused.reason());
        assertFalse(live.enableElectUncleanMaster());
    }

    private LiveConfig reload(String more) throws Exception {
        Path file = Files.writeString(
                folder.resolve("controller.conf"),
                """
                controllerDLegerGroup=g
                controllerDLegerPeers=n0-127.0.0.1:9877
                controllerDLegerSelfId=n0
                """
                        + "controllerStorePath=" + folder.resolve("store") + "\n" + more);
        return ConfigLoader.load(Optional.of(file), Map.of(), "/home").live();
    }
}
