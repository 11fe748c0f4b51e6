package io.mqcontroller.agent.simulation;

import io.mqcontroller.raft.simulation.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Carries messages between processes: single ones, that may be lost and doubled, and connections, that break. */
final class SimNetwork {
    private final Simulation simulation;
    private final Chance chance;
    private final SortedSet<String> cuts = new TreeSet<>();
    private final SortedMap<String, Long> slow = new TreeMap<>();
    private final List<Link> links = new ArrayList<>();
    private boolean healed;

    SimNetwork(Simulation simulation, Chance chance) {
        this.simulation = simulation;
        this.chance = chance;
    }

    private boolean isCut(SimProcess from, SimProcess to) {
        return cuts.contains(from.name + ">" + to.name);
    }

    /** Nothing goes from one to the other any more, what is on its way included. */
    void cut(SimProcess from, SimProcess to) {
        cuts.add(from.name + ">" + to.name);
    }

    void join(SimProcess from, SimProcess to) {
        cuts.remove(from.name + ">" + to.name);
    }

    /** Whatever is sent to this one takes so much longer; 0: not any more. */
    void slowDown(SimProcess to, long byUs) {
        slow.put(to.name, byUs);
    }

    void heal() {
        cuts.clear();
        slow.clear();
        healed = true;
    }

    private long delayUs(SimProcess to, int stallPermille) {
        return slow.getOrDefault(to.name, 0L) + delayUs(stallPermille);
    }

    private long delayUs(int stallPermille) {
        Plan plan = simulation.plan();
        if (healed) {
            return plan.minDelayUs() + chance.between(0, 500);
        }
        if (chance.permille(stallPermille)) {
            return chance.between(plan.maxDelayUs(), chance.oneOf(900_000L, 900_000L, 3_000_000L));
        }
        return chance.between(plan.minDelayUs(), plan.maxDelayUs());
    }

    /** A single message. */
    void send(SimProcess from, SimProcess to, Runnable delivery) {
        Plan plan = simulation.plan();
        if (!healed && chance.permille(plan.lossPermille())) {
            return;
        }
        carry(from, to, delivery);
        if (!healed && chance.permille(plan.duplicatePermille())) {
            carry(from, to, delivery);
        }
    }

    private void carry(SimProcess from, SimProcess to, Runnable delivery) {
        if (isCut(from, to)) {
            return;
        }
        simulation.time().after(delayUs(to, simulation.plan().stallPermille() / 5), () -> {
            if (!isCut(from, to)) {
                to.deliver(to.life(), delivery);
            }
        });
    }

    /**
     * A connection from one process to another, dialed; the other side may refuse.
     *
     * @param accepted on the other side
     * @param lost on this side: refused, broken or closed by the other
     */
    Link dial(SimProcess from, SimProcess to, Consumer<Link> accepted, Runnable lost) {
        Link link = new Link(from, to, lost);
        links.removeIf(Link::isOver);
        links.add(link);
        link.send(from, () -> accepted.accept(link));
        if (!to.isRunning() && !isCut(from, to)) {
            link.close(to);
        }
        return link;
    }

    /**
     * Looks whether a process listens.
     *
     * @param refused its machine says that nobody does; not told at all if that machine is gone as well, or cut off
     */
    void knock(SimProcess from, SimProcess to, Consumer<Boolean> refused) {
        boolean lost = !healed && (chance.permille(simulation.plan().lossPermille()) || chance.permille(100));
        if (lost || isCut(from, to) || isCut(to, from)) {
            return;
        }
        int life = from.life();
        simulation.time().after(delayUs(to, 0), () -> {
            boolean nobody = !to.isRunning();
            simulation.time().after(delayUs(from, 0), () -> from.deliver(life, () -> refused.accept(nobody)));
        });
    }

    /** The process is gone: its machine closes its connections, or is gone as well and says nothing. */
    void died(SimProcess process) {
        boolean silently = chance.permille(300);
        for (Link link : List.copyOf(links)) {
            if (link.has(process)) {
                if (silently) {
                    link.fallSilent(process);
                } else {
                    link.close(process);
                }
            }
        }
    }

    /** Two ends, an order of messages in each direction, and a break that each end notices in its own time. */
    final class Link {
        private final SimProcess dialer;
        private final SimProcess other;
        private final int dialerLife;
        private final int otherLife;
        private final Runnable dialerLost;
        private Runnable otherLost = () -> {};
        private long lastToOtherUs;
        private long lastToDialerUs;
        private boolean brokenToOther;
        private boolean brokenToDialer;
        private boolean lostToOther;
        private boolean lostToDialer;
        private boolean noticing;
        private boolean dialerDone;
        private boolean otherDone;

        private Link(SimProcess dialer, SimProcess other, Runnable dialerLost) {
            this.dialer = dialer;
            this.other = other;
            this.dialerLife = dialer.life();
            this.otherLife = other.life();
            this.dialerLost = dialerLost;
        }

        /** What the accepting side does when the connection is over. */
        void onOtherLost(Runnable lost) {
            otherLost = lost;
        }

        private boolean has(SimProcess process) {
            return process == dialer && !dialerDone || process == other && !otherDone;
        }

        private boolean isOver() {
            return dialerDone && otherDone;
        }

        void send(SimProcess from, Runnable delivery) {
            boolean toOther = from == dialer;
            if (toOther ? dialerDone || brokenToOther : otherDone || brokenToDialer) {
                return;
            }
            SimProcess to = toOther ? other : dialer;
            if (isCut(from, to) || !healed && chance.permille(simulation.plan().resetPermille())) {
                breakOff(toOther);
                return;
            }
            long atUs =
                    simulation.time().nowUs() + delayUs(to, simulation.plan().stallPermille());
            atUs = Math.max(atUs, toOther ? lastToOtherUs : lastToDialerUs);
            if (toOther) {
                lastToOtherUs = atUs;
            } else {
                lastToDialerUs = atUs;
            }
            simulation.time().after(atUs - simulation.time().nowUs(), () -> arrive(from, to, toOther, delivery));
        }

        private void arrive(SimProcess from, SimProcess to, boolean toOther, Runnable delivery) {
            if (toOther ? lostToOther : lostToDialer) {
                return;
            }
            if (isCut(from, to)) {
                // What was sent behind it can't arrive either.
                if (toOther) {
                    lostToOther = true;
                } else {
                    lostToDialer = true;
                }
                breakOff(toOther);
                return;
            }
            to.deliver(toOther ? otherLife : dialerLife, () -> {
                if (!(toOther ? otherDone : dialerDone)) {
                    delivery.run();
                }
            });
        }

        /** One direction is dead: what was sent before may still arrive, and the other goes on until the ends notice. */
        private void breakOff(boolean toOther) {
            if (toOther) {
                brokenToOther = true;
            } else {
                brokenToDialer = true;
            }
            if (!noticing) {
                noticing = true;
                simulation.time().after(noticeUs(), () -> notice(other));
                simulation.time().after(noticeUs(), () -> notice(dialer));
            }
        }

        private long noticeUs() {
            return healed ? 1_000 : chance.oneOf(1_000L, chance.between(1_000, 500_000), 2_000_000L);
        }

        private void notice(SimProcess side) {
            side.deliver(side == dialer ? dialerLife : otherLife, () -> {
                if (side == dialer ? dialerDone : otherDone) {
                    return;
                }
                if (side == dialer) {
                    dialerDone = true;
                    dialerLost.run();
                } else {
                    otherDone = true;
                    otherLost.run();
                }
            });
        }

        /** This side wants no more of it; the other hears that after what was sent before. */
        void close(SimProcess side) {
            boolean byDialer = side == dialer;
            if (byDialer ? dialerDone : otherDone) {
                return;
            }
            SimProcess peer = byDialer ? other : dialer;
            boolean reaches = !(byDialer ? brokenToOther : brokenToDialer) && !isCut(side, peer);
            if (byDialer) {
                dialerDone = true;
            } else {
                otherDone = true;
            }
            if (reaches) {
                long atUs = Math.max(
                        simulation.time().nowUs()
                                + delayUs(peer, simulation.plan().stallPermille()),
                        byDialer ? lastToOtherUs : lastToDialerUs);
                simulation.time().after(atUs - simulation.time().nowUs(), () -> notice(peer));
            } else {
                simulation.time().after(noticeUs(), () -> notice(peer));
            }
        }

        private void fallSilent(SimProcess side) {
            if (side == dialer) {
                dialerDone = true;
            } else {
                otherDone = true;
            }
            breakOff(true);
            breakOff(false);
        }
    }
}
