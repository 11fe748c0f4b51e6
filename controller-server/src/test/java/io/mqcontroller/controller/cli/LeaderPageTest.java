package io.mqcontroller.controller.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LeaderPageTest {
    @Test
    void thePageIsWhereTheLeaderListensForHttp() {
        assertEquals("http://10.0.0.1:9880/", url("httpListenHost", "0.0.0.0"));
        assertEquals("http://10.0.0.9:9880/", url("httpListenHost", "10.0.0.9"));
        assertEquals("http://[::1]:9880/", url("httpListenHost", "::1"));
    }

    @Test
    void aLeaderWithoutOneHasNone() {
        assertEquals("", url("httpListenPort", "0"));
        assertEquals("", url("enableConsole", "false"));
        assertEquals("", LeaderPage.urlOf("10.0.0.1", Map.of()));
    }

    private static String url(String key, String value) {
        Map<String, String> values =
                new TreeMap<>(Map.of("httpListenPort", "9880", "httpListenHost", "0.0.0.0", "enableConsole", "true"));
        values.put(key, value);
        return LeaderPage.urlOf("10.0.0.1", values);
    }
}
