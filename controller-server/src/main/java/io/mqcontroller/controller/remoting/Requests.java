package io.mqcontroller.controller.remoting;

import io.mqcontroller.controller.controller.service.ConnectionId;
import io.mqcontroller.controller.controller.service.ControllerService.AlterSyncStateSet;
import io.mqcontroller.controller.controller.service.ControllerService.ApplyBrokerId;
import io.mqcontroller.controller.controller.service.ControllerService.CleanBrokers;
import io.mqcontroller.controller.controller.service.ControllerService.ElectMaster;
import io.mqcontroller.controller.controller.service.ControllerService.Heartbeat;
import io.mqcontroller.controller.controller.service.ControllerService.Register;
import io.mqcontroller.controller.controller.service.GroupRef;
import io.mqcontroller.controller.metadata.BrokerId;
import io.mqcontroller.controller.metadata.GroupKey;
import io.mqcontroller.controller.metadata.SyncStateSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Turns the fields of each request into the values that the use cases take, and refuses by name what is missing or makes no
 * sense. One object per connection: it remembers the last group, because most connections speak for one.
 */
final class Requests {
    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_PORT = 65535;
    private static final long NO_ID = -1;
    private static final long DEFAULT_HEARTBEAT_TIMEOUT_MS = 10_000;

    private final ConnectionId connection;
    private GroupKey lastGroup = new GroupKey("", "");

    Requests(ConnectionId connection) {
        this.connection = connection;
    }

    /** Code 904. A broker that has nothing to tell leaves numbers out. */
    Heartbeat heartbeat(IncomingFrame frame) throws BadRequestException {
        return new Heartbeat(
                groupKey(frame),
                brokerId(frame, Field.BROKER_ID),
                address(frame, Field.BROKER_ADDR),
                (int) number(frame, Field.EPOCH, -1, Integer.MAX_VALUE, -1),
                number(frame, Field.MAX_OFFSET, -1, Long.MAX_VALUE, -1),
                number(frame, Field.CONFIRM_OFFSET, -1, Long.MAX_VALUE, -1),
                number(frame, Field.HEARTBEAT_TIMEOUT, 1, Long.MAX_VALUE, DEFAULT_HEARTBEAT_TIMEOUT_MS),
                (int) number(frame, Field.ELECTION_PRIORITY, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE),
                connection);
    }

    /** Code 1001. */
    AlterSyncStateSet alterSyncStateSet(IncomingFrame frame) throws BadRequestException {
        GroupRef group = groupRef(frame);
        BrokerId master = brokerId(frame, Field.MASTER_BROKER_ID);
        int masterEpoch = (int) requiredNumber(frame, Field.MASTER_EPOCH, 0, Integer.MAX_VALUE);
        SyncStateSet proposed = Bodies.readSyncStateSet(frame.body());
        return new AlterSyncStateSet(group, master, masterEpoch, proposed.members(), proposed.epoch());
    }

    /** Code 1002. */
    ElectMaster electMaster(IncomingFrame frame) throws BadRequestException {
        GroupRef group = groupRef(frame);
        boolean designate = flag(frame, Field.DESIGNATE_ELECT);
        long id = number(frame, Field.BROKER_ID, NO_ID, Long.MAX_VALUE, NO_ID);
        if (id == 0 || designate && id == NO_ID) {
            throw mustBe(frame, Field.BROKER_ID, "an id from 1 on");
        }
        return new ElectMaster(group, id == NO_ID ? Optional.empty() : Optional.of(new BrokerId(id)), designate);
    }

    /** Code 1003. */
    Register register(IncomingFrame frame) throws BadRequestException {
        return new Register(
                groupKey(frame), brokerId(frame, Field.BROKER_ID), address(frame, Field.BROKER_ADDRESS), connection);
    }

    /** Code 1004. */
    GroupRef replicaInfo(IncomingFrame frame) throws BadRequestException {
        return groupRef(frame);
    }

    /** Code 1011. No list of ids stands for the whole group, so an empty or half-readable one must not pass for none. */
    CleanBrokers cleanBrokers(IncomingFrame frame) throws BadRequestException {
        SortedSet<BrokerId> ids = frame.has(Field.IDS_TO_CLEAN) ? idsToClean(frame) : new TreeSet<>();
        return new CleanBrokers(groupRef(frame), ids, flag(frame, Field.CLEAN_LIVING));
    }

    /** Code 1012. */
    GroupKey nextBrokerId(IncomingFrame frame) throws BadRequestException {
        return groupKey(frame);
    }

    /** Code 1013. */
    ApplyBrokerId applyBrokerId(IncomingFrame frame) throws BadRequestException {
        GroupKey group = groupKey(frame);
        BrokerId id = brokerId(frame, Field.APPLIED_BROKER_ID);
        String checkCode = requiredText(frame, Field.REGISTER_CHECK_CODE);
        int separator = checkCode.indexOf(';');
        if (separator < 0 || !isAddress(checkCode.substring(0, separator))) {
            throw mustBe(frame, Field.REGISTER_CHECK_CODE, "host:port;millis");
        }
        return new ApplyBrokerId(group, id, checkCode, connection);
    }

    ConnectionId connection() {
        return connection;
    }

    private GroupKey groupKey(IncomingFrame frame) throws BadRequestException {
        String cluster = name(frame, Field.CLUSTER_NAME);
        String brokerName = name(frame, Field.BROKER_NAME);
        if (!lastGroup.cluster().equals(cluster) || !lastGroup.brokerName().equals(brokerName)) {
            lastGroup = new GroupKey(cluster, brokerName);
        }
        return lastGroup;
    }

    private GroupRef groupRef(IncomingFrame frame) throws BadRequestException {
        String brokerName = name(frame, Field.BROKER_NAME);
        boolean named = frame.isUnreadable(Field.CLUSTER_NAME)
                || frame.has(Field.CLUSTER_NAME)
                        && !frame.text(Field.CLUSTER_NAME).isEmpty();
        return new GroupRef(
                named ? Optional.of(name(frame, Field.CLUSTER_NAME)) : Optional.empty(), brokerName, connection);
    }

    private static SortedSet<BrokerId> idsToClean(IncomingFrame frame) throws BadRequestException {
        String list = requiredText(frame, Field.IDS_TO_CLEAN);
        SortedSet<BrokerId> ids = new TreeSet<>();
        for (String id : list.split(";", -1)) {
            if (!isId(id)) {
                throw mustBe(frame, Field.IDS_TO_CLEAN, "ids from 1 on with a semicolon between them, such as 1;2");
            }
            ids.add(new BrokerId(Long.parseLong(id)));
        }
        return ids;
    }

    /** Eighteen digits always fit into a long. */
    private static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= 18
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Long.parseLong(text) >= 1;
    }

    private static BrokerId brokerId(IncomingFrame frame, Field field) throws BadRequestException {
        return new BrokerId(requiredNumber(frame, field, 1, Long.MAX_VALUE));
    }

    private static String address(IncomingFrame frame, Field field) throws BadRequestException {
        String address = requiredText(frame, field);
        if (!isAddress(address)) {
            throw mustBe(frame, field, "host:port");
        }
        return address;
    }

    static boolean isAddress(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || colon > MAX_NAME_LENGTH || text.length() - colon - 1 > 5) {
            return false;
        }
        for (int i = 0; i < colon; i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) == '/' || Character.isISOControl(text.charAt(i))) {
                return false;
            }
        }
        int port = 0;
        for (int i = colon + 1; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            port = port * 10 + digit;
        }
        return port >= 1 && port <= MAX_PORT;
    }

    /** A name ends up in logs and metrics: a line break in it would forge them. */
    private static String name(IncomingFrame frame, Field field) throws BadRequestException {
        String name = requiredText(frame, field);
        boolean blank = true;
        for (int i = 0; i < name.length(); i++) {
            blank &= name.charAt(i) == ' ';
            if (Character.isISOControl(name.charAt(i))) {
                throw mustBe(frame, field, "a name without control characters");
            }
        }
        if (blank || name.length() > MAX_NAME_LENGTH) {
            throw mustBe(frame, field, "a name of 1 to " + MAX_NAME_LENGTH + " characters");
        }
        return name;
    }

    private static String requiredText(IncomingFrame frame, Field field) throws BadRequestException {
        if (!frame.has(field)) {
            throw missing(frame, field);
        }
        if (frame.isUnreadable(field)) {
            throw mustBe(frame, field, "text in UTF-8 of a sensible length");
        }
        return frame.text(field);
    }

    private static long requiredNumber(IncomingFrame frame, Field field, long lowest, long highest)
            throws BadRequestException {
        if (!frame.has(field)) {
            throw missing(frame, field);
        }
        return number(frame, field, lowest, highest, lowest);
    }

    private static long number(IncomingFrame frame, Field field, long lowest, long highest, long whenMissing)
            throws BadRequestException {
        if (!frame.has(field)) {
            return whenMissing;
        }
        long value = frame.number(field);
        if (frame.isUnreadable(field) || value < lowest || value > highest) {
            throw mustBe(frame, field, "a whole number from " + lowest + " to " + highest);
        }
        return value;
    }

    private static boolean flag(IncomingFrame frame, Field field) throws BadRequestException {
        if (frame.isUnreadable(field)) {
            throw mustBe(frame, field, "true or false");
        }
        return frame.has(field) && frame.flag(field);
    }

    private static BadRequestException missing(IncomingFrame frame, Field field) {
        return new BadRequestException("field " + field.wireName() + " of request " + frame.code() + " is missing");
    }

    private static BadRequestException mustBe(IncomingFrame frame, Field field, String what) {
        return new BadRequestException(
                "field " + field.wireName() + " of request " + frame.code() + " must be " + what);
    }
}
