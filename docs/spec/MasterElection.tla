--------------------------- MODULE MasterElection ---------------------------
(***************************************************************************)
(* Which replica of one broker group is master, which replicas are in its  *)
(* SyncStateSet, and when a master with an agent may acknowledge a write.  *)
(*                                                                         *)
(* The controllers are one record that changes in one step: Raft.tla says  *)
(* why they may be. Their answers are lost, late and repeated: a replica   *)
(* learns of a record at any time after it was made, or never, and never   *)
(* of whether its request was taken; requests are taken at any time, any   *)
(* number of times.                                                        *)
(*                                                                         *)
(* Time is only in the order of ends: what the controllers count for a     *)
(* lease, and a peer for its promise, ends after what the master counts.   *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Replica,
    MaxEpoch,
    MaxSetEpoch,
    MaxLog,
    AckAll,      \* allAckInSyncStateSet: a write is acknowledged when all of the SyncStateSet have it
    Mutant       \* "none", or the rule that is broken: see the uses

VARIABLES
    record,      \* what the controllers have recorded
    history,     \* every record there ever was: any of them may be on its way
    requests,    \* every AlterSyncStateSet ever sent
    out,         \* the leader takes these replicas to have a lease
    lease,       \* these replicas have one
    known,       \* the newest record that each replica knows
    asked,       \* of a master: the set that it has asked for and not heard of; {}: none
    promised,    \* of each replica: the masters to whom it has promised to take no writes
    confirmed,   \* of each master: the peers whose promises it counts on
    log,         \* of each replica: the epoch under which each message was written
    has,         \* of each master: how much of its log each slave has told it has
    acks,        \* history: the acknowledged messages
    broken       \* history: an older master has acknowledged after a newer one

vars == <<record, history, requests, out, lease, known, asked, promised, confirmed, log, has, acks, broken>>

Nobody == "nobody"
First == [master |-> Nobody, epoch |-> 0, set |-> {}, setEpoch |-> 0]

IsNewer(a, b) == a.epoch > b.epoch \/ (a.epoch = b.epoch /\ a.setEpoch > b.setEpoch)

IsMaster(r) == known[r].master = r

\* What acknowledgements count against: the union while a change is under way.
SetOf(r) ==
    IF asked[r] = {} THEN known[r].set
    ELSE IF Mutant = "ShrinkAtOnce" THEN asked[r]
    ELSE known[r].set \cup asked[r]

\* Why a master may take writes and acknowledge them.
MayAcknowledge(r) ==
    /\ IsMaster(r)
    /\ promised[r] = {} \/ Mutant = "PromiseForgotten"
    /\ \/ r \in lease
       \/ SetOf(r) = {r}
       \/ SetOf(r) \ {r} \subseteq confirmed[r]

Min(S) == CHOOSE x \in S : \A y \in S : x <= y
IsPrefix(a, b) == Len(a) <= Len(b) /\ \A i \in 1..Len(a) : a[i] = b[i]

-----------------------------------------------------------------------------
Init ==
    /\ record = First
    /\ history = {First}
    /\ requests = {}
    /\ out = {}
    /\ lease = {}
    /\ known = [r \in Replica |-> First]
    /\ asked = [r \in Replica |-> {}]
    /\ promised = [r \in Replica |-> {}]
    /\ confirmed = [r \in Replica |-> {}]
    /\ log = [r \in Replica |-> <<>>]
    /\ has = [r \in Replica |-> [s \in Replica |-> 0]]
    /\ acks = {}
    /\ broken = FALSE

Record(new) ==
    /\ new.epoch <= MaxEpoch
    /\ new.setEpoch <= MaxSetEpoch
    /\ record' = new
    /\ history' = history \cup {new}

-----------------------------------------------------------------------------
(* The controllers. *)

\* The first master is anybody; later ones are members of the set, and nobody before the lease is over. With AckAll the old
\* master acknowledges nothing that the new one does not have: then there is no need to wait.
Elect(r) ==
    /\ record.epoch > 0 => r \in record.set \/ Mutant = "ElectOutsideTheSet"
    /\ AckAll \/ record.master \notin out \/ record.master = r \/ Mutant = "LeaseNotWaitedFor"
    /\ Record([master |-> r, epoch |-> record.epoch + 1, set |-> {r}, setEpoch |-> record.setEpoch + 1])
    /\ UNCHANGED <<requests, out, lease, known, asked, promised, confirmed, log, has, acks, broken>>

\* Both epochs must be those that are recorded. The same set again is a retry, and changes nothing.
Alter == \E request \in requests :
    /\ request.from = record.master
    /\ request.epoch = record.epoch \/ Mutant = "EpochsNotCompared"
    /\ request.setEpoch = record.setEpoch \/ Mutant = "EpochsNotCompared"
    /\ request.set # record.set
    /\ Record([record EXCEPT !.set = request.set, !.setEpoch = @ + 1])
    /\ UNCHANGED <<requests, out, lease, known, asked, promised, confirmed, log, has, acks, broken>>

\* A new leader takes every recorded master to have a lease granted just before.
NewLeader ==
    /\ record.master # Nobody
    /\ out' = IF Mutant = "NewLeaderForgetsLeases" THEN {} ELSE out \cup {record.master}
    /\ out' # out
    /\ UNCHANGED <<record, history, requests, lease, known, asked, promised, confirmed, log, has, acks, broken>>

\* Only to the recorded master, under the recorded epoch.
Grant(r) ==
    /\ record.master = r
    /\ IsMaster(r)
    /\ known[r].epoch = record.epoch
    /\ r \notin lease
    /\ out' = out \cup {r}
    /\ lease' = lease \cup {r}
    /\ UNCHANGED <<record, history, requests, known, asked, promised, confirmed, log, has, acks, broken>>

LeaseEndsAtTheMaster(r) ==
    /\ r \in lease
    /\ lease' = lease \ {r}
    /\ UNCHANGED <<record, history, requests, out, known, asked, promised, confirmed, log, has, acks, broken>>

LeaseEndsAtTheLeader(r) ==
    /\ r \in out
    /\ r \notin lease
    /\ out' = out \ {r}
    /\ UNCHANGED <<record, history, requests, lease, known, asked, promised, confirmed, log, has, acks, broken>>

-----------------------------------------------------------------------------
(* The replicas. *)

\* Of two records the newer counts, in whatever order they come. Another epoch is another role: what belonged to it is over.
Learn(r) == \E new \in history :
    /\ IsNewer(new, known[r])
    /\ known' = [known EXCEPT ![r] = new]
    /\ asked' = [asked EXCEPT ![r] = {}]
    /\ IF new.epoch > known[r].epoch
       THEN /\ lease' = lease \ {r}
            /\ confirmed' = [confirmed EXCEPT ![r] = {}]
            /\ has' = [has EXCEPT ![r] = [s \in Replica |-> 0]]
       ELSE UNCHANGED <<lease, confirmed, has>>
    /\ UNCHANGED <<record, history, requests, out, promised, log, acks, broken>>

Write(r) ==
    /\ MayAcknowledge(r)
    /\ Len(log[r]) < MaxLog
    /\ log' = [log EXCEPT ![r] = Append(@, known[r].epoch)]
    /\ UNCHANGED <<record, history, requests, out, lease, known, asked, promised, confirmed, has, acks, broken>>

\* A slave copies from the master that it knows, under the same epoch: what differs is cut off first.
Copy(s) ==
    LET m == known[s].master IN
    /\ m \notin {Nobody, s}
    /\ known[m].epoch = known[s].epoch
    /\ LET common == {i \in 0..Len(log[s]) : IsPrefix(SubSeq(log[s], 1, i), log[m])}
           length == CHOOSE i \in common : \A j \in common : j <= i
       IN  /\ log' = [log EXCEPT ![s] = IF length < Len(@) \/ length = Len(log[m]) THEN SubSeq(@, 1, length)
                                        ELSE SubSeq(log[m], 1, length + 1)]
           /\ has' = [has EXCEPT ![m][s] = Len(log'[s])]
    /\ log' # log \/ has' # has
    /\ UNCHANGED <<record, history, requests, out, lease, known, asked, promised, confirmed, acks, broken>>

Acknowledge(r) == \E n \in 1..Len(log[r]) :
    /\ MayAcknowledge(r)
    /\ log[r][n] = known[r].epoch
    /\ <<known[r].epoch, n>> \notin acks
    /\ AckAll => \A s \in SetOf(r) \ {r} : has[r][s] >= n
    /\ acks' = acks \cup {<<known[r].epoch, n>>}
    /\ broken' = (broken \/ (~AckAll /\ \E ack \in acks : ack[1] > known[r].epoch))
    /\ UNCHANGED <<record, history, requests, out, lease, known, asked, promised, confirmed, log, has>>

\* One change at a time, of one member. Who joins has all that was acknowledged and all that may be: from now on it counts.
AskForSet(r) == \E s \in Replica \ {r} :
    /\ IsMaster(r)
    /\ asked[r] = {}
    /\ \/ s \in known[r].set
       \/ Mutant = "JoinsBehind"
       \/ \A n \in 1..Len(log[r]) :
            has[r][s] >= n \/ (log[r][n] = known[r].epoch /\ <<known[r].epoch, n>> \notin acks)
    /\ LET new == IF s \in known[r].set THEN known[r].set \ {s} ELSE known[r].set \cup {s} IN
        /\ asked' = [asked EXCEPT ![r] = new]
        /\ requests' = requests \cup
            {[from |-> r, epoch |-> known[r].epoch, setEpoch |-> known[r].setEpoch, set |-> new]}
    /\ UNCHANGED <<record, history, out, lease, known, promised, confirmed, log, has, acks, broken>>

-----------------------------------------------------------------------------
(* A master that no controller answers asks its peers. *)

Confirm(p, m) ==
    /\ p # m
    /\ IsMaster(m)
    /\ p \in SetOf(m)
    /\ p \notin confirmed[m]
    /\ known[p].epoch <= known[m].epoch \/ Mutant = "PeerConfirmsOldMaster"
    /\ promised' = [promised EXCEPT ![p] = @ \cup {m}]
    /\ confirmed' = [confirmed EXCEPT ![m] = @ \cup {p}]
    /\ UNCHANGED <<record, history, requests, out, lease, known, asked, log, has, acks, broken>>

\* What the master counts ends first.
ConfirmationEnds(p, m) ==
    /\ p \in confirmed[m]
    /\ confirmed' = [confirmed EXCEPT ![m] = @ \ {p}]
    /\ UNCHANGED <<record, history, requests, out, lease, known, asked, promised, log, has, acks, broken>>

PromiseEnds(p, m) ==
    /\ m \in promised[p]
    /\ p \notin confirmed[m]
    /\ promised' = [promised EXCEPT ![p] = @ \ {m}]
    /\ UNCHANGED <<record, history, requests, out, lease, known, asked, confirmed, log, has, acks, broken>>

Next ==
    \/ Alter \/ NewLeader
    \/ \E r \in Replica :
        \/ Elect(r) \/ Grant(r) \/ LeaseEndsAtTheMaster(r) \/ LeaseEndsAtTheLeader(r)
        \/ Learn(r) \/ Write(r) \/ Copy(r) \/ Acknowledge(r) \/ AskForSet(r)
    \/ \E p, m \in Replica : Confirm(p, m) \/ ConfirmationEnds(p, m) \/ PromiseEnds(p, m)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* What must hold. *)

\* C1: a masterEpoch has one master, in the records and in what replicas believe.
OneMasterPerEpoch ==
    /\ \A a, b \in history : a.epoch = b.epoch => a.master = b.master
    /\ \A r, s \in Replica : IsMaster(r) /\ IsMaster(s) /\ known[r].epoch = known[s].epoch => r = s

\* C5.
MasterIsInTheSet == record.epoch > 0 => record.master \in record.set

\* C2, C3, C4: epochs rise, a new master was in the set, and a set changes under the epoch of its master only.
RecordsFollow == [][record' # record =>
    /\ IsNewer(record', record)
    /\ record'.setEpoch = record.setEpoch + 1
    /\ record'.epoch > record.epoch => record.epoch = 0 \/ record'.master \in record.set
    /\ record'.epoch = record.epoch => record'.master = record.master]_vars

\* C19: nobody acknowledges under an older epoch than somebody did before.
OnlyTheNewestAcknowledges == ~broken

Holds(r, ack) == Len(log[r]) >= ack[2] /\ log[r][ack[2]] = ack[1]

\* C8, C20: whoever can be master next has all that was acknowledged.
NothingAcknowledgedIsLost == AckAll => \A ack \in acks : \A r \in record.set : Holds(r, ack)

-----------------------------------------------------------------------------
(* Requests that can only be refused, and records that everybody knows better than, can't matter any more. *)
View == <<
    record, out, lease, known, asked, promised, confirmed, log, has, acks, broken,
    IF Mutant = "EpochsNotCompared" THEN requests
    ELSE {request \in requests : request.epoch = record.epoch /\ request.setEpoch = record.setEpoch},
    {old \in history : \E r \in Replica : IsNewer(old, known[r])}>>

Symmetry == Permutations(Replica)
=============================================================================
