package io.mqcontroller.agent.rocketmq;

import io.mqcontroller.agent.runtime.AgentConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.rocketmq.auth.config.AuthConfig;
import org.apache.rocketmq.broker.BrokerPathConfigHelper;
import org.apache.rocketmq.common.BrokerConfig;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.store.config.BrokerRole;

/** {@code mqbroker -c FILE [-n NAMESRV]}: Apache's broker with the agent in it. */
public final class AgentBrokerMain {
    private static final int DEFAULT_PORT = 10_911;
    /** RocketMQ's is 5 s, and so long a slave that has nothing to copy stays out of the SyncStateSet after a switch. */
    private static final int HA_HEARTBEAT_MS = 1_000;

    private static final int EXIT_USAGE = 2;
    private static final int EXIT_FAILED = 1;

    private AgentBrokerMain() {}

    /** Runs until the process is told to end. */
    public static void main(String[] args) {
        try {
            AgentBrokerController broker = create(Arguments.parse(args));
            if (!broker.initialize()) {
                throw new IllegalStateException("the broker could not be initialized; its log tells why");
            }
            Runtime.getRuntime().addShutdownHook(new Thread(broker::shutdown, "mqbroker-shutdown"));
            broker.start();
            System.out.printf(
                    "The broker[%s, %s] with agent boot success. serializeType=%s%n",
                    broker.getBrokerConfig().getBrokerName(),
                    broker.getBrokerAddr(),
                    RemotingCommand.getSerializeTypeConfigInThisServer());
        } catch (IllegalArgumentException e) {
            System.err.println("mqbroker: " + e.getMessage());
            System.exit(EXIT_USAGE);
        } catch (Throwable e) {
            fail(e, System.err);
        }
    }

    private static void fail(Throwable cause, PrintStream err) {
        cause.printStackTrace(err);
        System.exit(EXIT_FAILED);
    }

    private static AgentBrokerController create(Arguments arguments) {
        System.setProperty(RemotingCommand.REMOTING_VERSION_KEY, Integer.toString(MQVersion.CURRENT_VERSION));
        Properties properties = arguments.properties();
        BrokerConfig broker = new BrokerConfig();
        NettyServerConfig server = new NettyServerConfig();
        NettyClientConfig client = new NettyClientConfig();
        AgentStoreConfig store = new AgentStoreConfig();
        AuthConfig auth = new AuthConfig();
        server.setListenPort(DEFAULT_PORT);
        store.setHaListenPort(0);
        store.setHaSendHeartbeatInterval(HA_HEARTBEAT_MS);
        for (Object part : new Object[] {broker, server, client, store, auth}) {
            MixAll.properties2Object(properties, part);
        }
        BrokerPathConfigHelper.setBrokerConfigPath(arguments.file().toString());
        check(broker, store, properties);
        complete(broker, server, store, auth);
        AgentBrokerController controller = new AgentBrokerController(broker, server, client, store, auth, properties);
        controller.getConfiguration().registerConfig(properties);
        return controller;
    }

    /** All mistakes at once, and before the store is opened. */
    private static void check(BrokerConfig broker, AgentStoreConfig store, Properties properties) {
        List<String> mistakes = new ArrayList<>();
        if (!broker.isEnableControllerMode()) {
            mistakes.add(
                    "enableControllerMode is not true: a broker without controllers needs no agent; start RocketMQ's own"
                            + " mqbroker");
        }
        if (store.isEnableDLegerCommitLog() || store.isDuplicationEnable()) {
            mistakes.add("enableControllerMode goes with neither enableDLegerCommitLog nor duplicationEnable");
        }
        if (broker.getRocketmqHome() == null) {
            mistakes.add("ROCKETMQ_HOME is not set");
        }
        mistakes.addAll(AgentConfig.mistakes(properties));
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("\nmqbroker: ", mistakes));
        }
    }

    private static void complete(
            BrokerConfig broker, NettyServerConfig server, AgentStoreConfig store, AuthConfig auth) {
        if (store.getBrokerRole() == BrokerRole.SLAVE) {
            // As RocketMQ does: a slave leaves more of the page cache to the copying.
            store.setAccessMessageInMemoryMaxRatio(store.getAccessMessageInMemoryMaxRatio() - 10);
        }
        if (store.getHaListenPort() <= 0) {
            store.setHaListenPort(server.getListenPort() + 1);
        }
        broker.setInBrokerContainer(false);
        // Whatever the file says: nobody is to find a master here before it is one.
        broker.setBrokerId(-1);
        System.setProperty(
                "brokerLogDir", broker.isIsolateLogEnable() ? broker.getBrokerName() + "_" + broker.getBrokerId() : "");
        auth.setConfigName(broker.getBrokerName());
        auth.setClusterName(broker.getBrokerClusterName());
        auth.setAuthConfigPath(Path.of(store.getStorePathRootDir(), "config").toString());
    }

    /** The command line; {@code -n} wins over the file. */
    private record Arguments(Path file, String nameServers) {
        private static final String USAGE = "usage: mqbroker -c FILE [-n host:port;host:port]";

        static Arguments parse(String[] args) {
            Path file = null;
            String nameServers = "";
            for (int i = 0; i < args.length; i += 2) {
                if (i + 1 == args.length) {
                    throw new IllegalArgumentException(USAGE);
                }
                switch (args[i]) {
                    case "-c", "--configFile" -> file = Path.of(args[i + 1]);
                    case "-n", "--namesrvAddr" -> nameServers = args[i + 1];
                    default -> throw new IllegalArgumentException(USAGE);
                }
            }
            if (file == null) {
                throw new IllegalArgumentException(USAGE);
            }
            return new Arguments(file.toAbsolutePath(), nameServers);
        }

        Properties properties() {
            Properties properties = new Properties();
            try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new IllegalArgumentException(file + " can't be read: " + e, e);
            }
            if (!nameServers.isEmpty()) {
                properties.setProperty("namesrvAddr", nameServers);
            }
            // Tools that find name servers by a domain read these from the system properties.
            copy(properties, "rmqAddressServerDomain", "rocketmq.namesrv.domain", "jmenv.tbsite.net");
            copy(properties, "rmqAddressServerSubGroup", "rocketmq.namesrv.domain.subgroup", "nsaddr");
            return properties;
        }

        private static void copy(Properties from, String key, String systemKey, String byDefault) {
            System.setProperty(systemKey, from.getProperty(key, byDefault));
        }
    }
}
