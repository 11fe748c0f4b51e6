package io.mqcontroller.controller.remoting;

import io.mqcontroller.raft.core.Configuration;
import io.mqcontroller.raft.core.ConfiguredMember;
import io.mqcontroller.raft.core.NodeId;
import io.mqcontroller.raft.core.RaftStatus;
import io.mqcontroller.raft.core.RoleName;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Who the controllers are and who leads them, for code 1005 and for agents: any controller answers, with what it knows at this
 * moment. The members are those of the configuration in force; addresses for brokers stand in it behind a comma, where they
 * differ from those for peers.
 *
 * @param group {@code controllerDLegerGroup}
 * @param told {@code host:port} as brokers can dial it, of those whose address the configuration does not have
 * @param status of this node; read from any thread
 */
public record ControllerMembers(String group, SortedMap<NodeId, String> told, Supplier<RaftStatus> status) {
    public ControllerMembers {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(status, "status");
        told = Collections.unmodifiableSortedMap(new TreeMap<>(told));
    }

    /** The address of a member in the configuration, made of those for peers and for brokers. */
    public static String addressOf(String forPeers, String forBrokers) {
        return forPeers.equals(forBrokers) ? forPeers : forPeers + "," + forBrokers;
    }

    /** Where brokers reach each member that can lead; learners can't. */
    public SortedMap<NodeId, String> addresses() {
        Configuration now = status.get().configuration();
        if (now.members().isEmpty()) {
            return told;
        }
        SortedMap<NodeId, String> addresses = new TreeMap<>();
        for (ConfiguredMember member : now.members().values()) {
            String address = member.address().substring(member.address().indexOf(',') + 1);
            if (now.isVoter(member.id())) {
                addresses.put(member.id(), address.isEmpty() ? told.getOrDefault(member.id(), "") : address);
            }
        }
        return addresses;
    }

    /**
     * Who should be asked for what only a leader answers. Without a leader's address a broker asks the next controller at once;
     * with the address of one that cannot answer yet it would stay there until its next round. So a leader names itself only
     * when it may answer.
     */
    public Optional<NodeId> leader() {
        RaftStatus now = status.get();
        return now.role() == RoleName.LEADER && !now.ready() ? Optional.empty() : now.leader();
    }

    /** This node. */
    public NodeId self() {
        return status.get().self();
    }

    Answer metadataInfo() {
        RaftStatus now = status.get();
        boolean selfLeads = now.role() == RoleName.LEADER && now.ready();
        Optional<NodeId> leader = leader();
        Answer answer = Answer.success();
        leader.map(addresses()::get).ifPresent(address -> answer.with("controllerLeaderAddress", address));
        leader.ifPresent(id -> answer.with("controllerLeaderId", id.value()));
        return answer.with("group", group)
                .with("isLeader", Boolean.toString(selfLeads))
                .with("peers", peers());
    }

    private String peers() {
        StringBuilder peers = new StringBuilder();
        addresses()
                .forEach((id, address) ->
                        peers.append(id).append(':').append(address).append(';'));
        return peers.toString();
    }
}
