package io.mqcontroller.agent.runtime;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The addresses of the controllers as the broker's configuration says now. One that is a name of many is looked up; the others
 * are resolved when they are dialled.
 */
final class Controllers {
    private final Supplier<String> configured;
    private final boolean lookUp;

    Controllers(Supplier<String> configured, boolean lookUp) {
        this.configured = configured;
        this.lookUp = lookUp;
    }

    /** May wait for the name service. Empty when it does not know the name: whoever asks keeps what it had. */
    List<String> now() {
        String text = configured.get();
        List<String> addresses = AgentConfig.split(text == null ? "" : text);
        return lookUp ? addresses.stream().flatMap(a -> lookedUp(a).stream()).toList() : addresses;
    }

    private static List<String> lookedUp(String address) {
        int colon = address.lastIndexOf(':');
        List<String> found = new ArrayList<>();
        try {
            for (InetAddress one : InetAddress.getAllByName(address.substring(0, colon))) {
                found.add(one.getHostAddress() + address.substring(colon));
            }
        } catch (UnknownHostException notNow) {
            found.clear();
        }
        return found;
    }
}
