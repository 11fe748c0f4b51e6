package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.ControllerConfig;
import io.mqcontroller.raft.log.DiskFullException;
import io.mqcontroller.raft.log.DiskReserve;
import io.mqcontroller.raft.log.SelfRepairingLogStore;
import java.io.IOException;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what a controller has on disk. */
final class ControllerStore {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerStore.class);

    private ControllerStore() {}

    /**
     * Opens it, or makes it; with the room of the reserve if there is no other.
     *
     * @throws IOException if it is damaged, another's, or in use
     */
    static SelfRepairingLogStore open(ControllerConfig config, DiskReserve reserve) throws IOException {
        Files.createDirectories(config.store());
        try {
            return open(config);
        } catch (DiskFullException noRoom) {
            LOG.error("event=disk_full what=\"{}\" now=\"the reserve is freed\"", noRoom.getMessage());
            reserve.free();
            return open(config);
        }
    }

    private static SelfRepairingLogStore open(ControllerConfig config) throws IOException {
        return SelfRepairingLogStore.open(
                config.store().resolve("raft"),
                PartSettings.storeOwner(config),
                config.members().size() > 1);
    }
}
