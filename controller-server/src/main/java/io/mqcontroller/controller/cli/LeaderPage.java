package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.cli.ctl.client.CallException;
import io.mqcontroller.controller.cli.ctl.client.Controllers;
import io.mqcontroller.controller.cli.ctl.client.Endpoint;
import io.mqcontroller.proto.controller.ClientFrame;
import io.mqcontroller.proto.controller.ConfigReply;
import io.mqcontroller.proto.controller.ConfigRequest;
import io.mqcontroller.proto.controller.ConfigValue;
import io.mqcontroller.proto.controller.OperatorRequest;
import io.mqcontroller.raft.core.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the leader serves its console, for the page of a follower: the leader is asked for it, once after each change. */
final class LeaderPage implements Supplier<String> {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderPage.class);
    private static final long TIMEOUT_MS = 2_000;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final NodeId self;
    private final Supplier<Optional<NodeId>> leader;
    private final Supplier<? extends Map<NodeId, String>> addresses;
    private final String version;
    private final Executor mayWait;
    private volatile Known known = new Known(Optional.empty(), "");
    private long nextTryNanos = System.nanoTime();

    /** @param url empty: it has none that can be reached */
    private record Known(Optional<NodeId> leader, String url) {}

    /**
     * @param addresses of the controllers' one port
     * @param version of this software
     * @param mayWait asks the leader
     */
    LeaderPage(
            NodeId self,
            Supplier<Optional<NodeId>> leader,
            Supplier<? extends Map<NodeId, String>> addresses,
            String version,
            Executor mayWait) {
        this.self = self;
        this.leader = leader;
        this.addresses = addresses;
        this.version = version;
        this.mayWait = mayWait;
    }

    /** Its URL, or an empty text if there is none, or it is not known yet. Does not wait; one thread. */
    @Override
    public String get() {
        Optional<NodeId> now = leader.get();
        if (now.isEmpty() || now.get().equals(self)) {
            return "";
        }
        Known last = known;
        if (last.leader().equals(now)) {
            return last.url();
        }
        String address = addresses.get().getOrDefault(now.get(), "");
        if (!address.isEmpty() && System.nanoTime() - nextTryNanos >= 0) {
            nextTryNanos = System.nanoTime() + PAUSE_NANOS;
            try {
                mayWait.execute(() -> ask(now.get(), address));
            } catch (RejectedExecutionException busy) {
                LOG.debug("event=leader_page_unknown cause=\"too much waits\"");
            }
        }
        return "";
    }

    private void ask(NodeId whom, String address) {
        try {
            Endpoint endpoint = Endpoint.parse(address);
            ConfigReply reply = new Controllers(List.of(endpoint), TIMEOUT_MS, version)
                    .askAny(() -> ClientFrame.newBuilder()
                            .setOperator(OperatorRequest.newBuilder().setConfig(ConfigRequest.getDefaultInstance())))
                    .getOperator()
                    .getConfig();
            Map<String, String> values = reply.getValuesList().stream()
                    .collect(Collectors.toMap(ConfigValue::getKey, ConfigValue::getValue));
            known = new Known(Optional.of(whom), urlOf(endpoint.host(), values));
        } catch (CallException | RuntimeException e) {
            LOG.debug("event=leader_page_unknown leader={} cause=\"{}\"", whom, e.toString());
        }
    }

    /**
     * @param host of the leader's other port
     * @param values the leader's configuration
     */
    static String urlOf(String host, Map<String, String> values) {
        String port = values.getOrDefault("httpListenPort", "0");
        String listens = values.getOrDefault("httpListenHost", "");
        if (port.equals("0") || !values.getOrDefault("enableConsole", "false").equals("true")) {
            return "";
        }
        boolean everywhere = listens.isEmpty() || listens.equals("0.0.0.0") || listens.equals("::");
        String reached = everywhere ? host : listens;
        return "http://" + (reached.indexOf(':') >= 0 ? "[" + reached + "]" : reached) + ":" + port + "/";
    }
}
