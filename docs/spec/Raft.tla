-------------------------------- MODULE Raft --------------------------------
(***************************************************************************)
(* The Raft of this project with its change of members by joint consensus: *)
(* what a member promises, what it forgets in a crash, what it counts.     *)
(*                                                                         *)
(* There is no set of messages. Whatever the leader of a term may have     *)
(* sent is a piece of the log that it had in that term, which only grows:  *)
(* `sent[t]`. So a message is lost, late, repeated or overtaken by another *)
(* when a member takes a piece of `sent[t]` never, later, again or out of  *)
(* turn. Votes and acknowledgements are remembered in the same way.        *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Server,
    Bootstrap,   \* the first voters
    Targets,     \* sets of voters that may be asked for; empty: members never change
    MaxTerm,
    MaxLog,
    Mutant       \* "none", or the rule that is broken: see the uses

VARIABLES
    term,        \* newest term seen: durable
    vote,        \* whom it voted for in `term`: durable
    role,
    log,         \* as it is in memory
    synced,      \* the log is durable up to here; matters for leaders only, see Append
    asked,       \* every RequestVote ever sent
    granted,     \* every vote ever cast
    sent,        \* the longest log of each term's leader
    told,        \* the highest commit index of each term's leader, by what it counted itself
    acked,       \* what each member has acknowledged in each term
    committed,   \* history: every committed entry, and the term in which it was
    leaders,     \* history: who has led each term
    broken       \* history: something was applied or committed that must not be

vars == <<term, vote, role, log, synced, asked, granted, sent, told, acked, committed, leaders, broken>>

Nobody == "nobody"
Terms == 1..MaxTerm
Min(a, b) == IF a < b THEN a ELSE b
Max(a, b) == IF a > b THEN a ELSE b

-----------------------------------------------------------------------------
(* The log and the configuration in it. *)

Start(t) == [term |-> t, voters |-> {}, outgoing |-> {}]
Command(t) == [term |-> t, voters |-> {"command"}, outgoing |-> {}]
Voters(t, new, old) == [term |-> t, voters |-> new, outgoing |-> old]

IsConfiguration(entry) == entry.voters # {} /\ entry.voters # {"command"}

LastTerm(l) == IF l = <<>> THEN 0 ELSE l[Len(l)].term

IsPrefix(a, b) == Len(a) <= Len(b) /\ \A i \in 1..Len(a) : a[i] = b[i]

ConfigurationIndexes(l) == {i \in 1..Len(l) : IsConfiguration(l[i])}

\* Where the configuration in force stands: the newest in the log, committed or not (thesis 4.1).
ConfigurationIndex(l) ==
    IF ConfigurationIndexes(l) = {} THEN 0
    ELSE CHOOSE i \in ConfigurationIndexes(l) : \A j \in ConfigurationIndexes(l) : j <= i

Configuration(l) ==
    IF ConfigurationIndex(l) = 0 THEN Voters(0, Bootstrap, {}) ELSE l[ConfigurationIndex(l)]

IsJoint(configuration) == configuration.outgoing # {}

MajorityOf(voters, yes) == 2 * Cardinality(yes \cap voters) > Cardinality(voters)

\* Joint: of the new and of the old voters.
Majority(configuration, yes) ==
    /\ MajorityOf(configuration.voters, yes)
    /\ \/ ~IsJoint(configuration)
       \/ Mutant = "JointIsOneMajority"
       \/ MajorityOf(configuration.outgoing, yes)

-----------------------------------------------------------------------------
Init ==
    /\ term = [s \in Server |-> 0]
    /\ vote = [s \in Server |-> Nobody]
    /\ role = [s \in Server |-> "follower"]
    /\ log = [s \in Server |-> <<>>]
    /\ synced = [s \in Server |-> 0]
    /\ asked = {}
    /\ granted = {}
    /\ sent = [t \in Terms |-> <<>>]
    /\ told = [t \in Terms |-> 0]
    /\ acked = [s \in Server |-> [t \in Terms |-> 0]]
    /\ committed = <<>>
    /\ leaders = [t \in Terms |-> {}]
    /\ broken = FALSE

\* The paper's figure 8, at (b): one member has led term 1, another term 2, and nobody else has their entries. What is further
\* away than a search from Init can reach begins here.
InitFigure8 == \E a, b \in Server :
    /\ a # b
    /\ term = [s \in Server |-> IF s = a THEN 1 ELSE 2]
    /\ vote = [s \in Server |-> IF s = a THEN a ELSE b]
    /\ role = [s \in Server |-> "follower"]
    /\ log = [s \in Server |-> IF s = a THEN <<Start(1)>> ELSE IF s = b THEN <<Start(2)>> ELSE <<>>]
    /\ synced = [s \in Server |-> Len(log[s])]
    /\ asked = {}
    /\ granted = {}
    /\ sent = [t \in Terms |-> IF t = 1 THEN <<Start(1)>> ELSE IF t = 2 THEN <<Start(2)>> ELSE <<>>]
    /\ told = [t \in Terms |-> 0]
    /\ acked = [s \in Server |-> [t \in Terms |-> 0]]
    /\ committed = <<>>
    /\ leaders = [t \in Terms |-> IF t = 1 THEN {a} ELSE IF t = 2 THEN {b} ELSE {}]
    /\ broken = FALSE

-----------------------------------------------------------------------------
(* Elections. PreVote, CheckQuorum and the members' deafness to candidates while they hear a leader only keep elections from *)
(* happening, which this specification lets happen at any time.                                                              *)

\* The term may be any later one: another member's message may have brought this one there before.
BecomeCandidate(s) == \E t \in (term[s] + 1)..MaxTerm :
    /\ s \in Configuration(log[s]).voters \cup Configuration(log[s]).outgoing
    /\ term' = [term EXCEPT ![s] = t]
    /\ vote' = [vote EXCEPT ![s] = s]
    /\ role' = [role EXCEPT ![s] = "candidate"]
    /\ synced' = [synced EXCEPT ![s] = Len(log[s])]
    /\ asked' = asked \cup {[term |-> t, from |-> s, lastTerm |-> LastTerm(log[s]), lastIndex |-> Len(log[s])]}
    /\ granted' = granted \cup {<<t, s, s>>}
    /\ UNCHANGED <<log, sent, told, acked, committed, leaders, broken>>

IsUpToDate(request, l) ==
    \/ request.lastTerm > LastTerm(l)
    \/ request.lastTerm = LastTerm(l) /\ request.lastIndex >= Len(l)

Vote(s) == \E request \in asked :
    /\ request.from # s
    /\ request.term >= term[s]
    /\ request.term = term[s] => vote[s] \in {Nobody, request.from}
    /\ IsUpToDate(request, log[s]) \/ Mutant = "VoteForShorterLog"
    /\ <<request.term, s, request.from>> \notin granted
    /\ term' = [term EXCEPT ![s] = request.term]
    /\ vote' = [vote EXCEPT ![s] = request.from]
    /\ role' = [role EXCEPT ![s] = "follower"]
    /\ synced' = [synced EXCEPT ![s] = Len(log[s])]
    /\ granted' = granted \cup {<<request.term, s, request.from>>}
    /\ UNCHANGED <<log, asked, sent, told, acked, committed, leaders, broken>>

BecomeLeader(s) ==
    /\ role[s] = "candidate"
    /\ Majority(Configuration(log[s]), {v \in Server : <<term[s], v, s>> \in granted})
    /\ Len(log[s]) < MaxLog
    /\ role' = [role EXCEPT ![s] = "leader"]
    /\ log' = [log EXCEPT ![s] = Append(@, Start(term[s]))]
    /\ sent' = [sent EXCEPT ![term[s]] = log'[s]]
    /\ leaders' = [leaders EXCEPT ![term[s]] = @ \cup {s}]
    /\ UNCHANGED <<term, vote, synced, asked, granted, told, acked, committed, broken>>

-----------------------------------------------------------------------------
(* The log. *)

LeaderAppends(s, entry) ==
    /\ role[s] = "leader"
    /\ Len(log[s]) < MaxLog
    /\ log' = [log EXCEPT ![s] = Append(@, entry)]
    /\ sent' = [sent EXCEPT ![term[s]] = log'[s]]
    /\ UNCHANGED <<term, vote, role, synced, asked, granted, told, acked, committed, leaders, broken>>

Propose(s) == LeaderAppends(s, Command(term[s]))

\* A leader's messages leave while its own disk still works, so it may have sent what it will not remember.
Sync(s) ==
    /\ role[s] = "leader"
    /\ synced[s] < Len(log[s])
    /\ synced' = [synced EXCEPT ![s] = Len(log[s])]
    /\ UNCHANGED <<term, vote, role, log, asked, granted, sent, told, acked, committed, leaders, broken>>

\* The log after the entries (i, j] of `leaderLog` were taken in: what is there already stays, with all behind it.
Taken(l, leaderLog, i, j) ==
    LET differ == {k \in (i + 1)..j : k > Len(l) \/ l[k].term # leaderLog[k].term}
    IN  IF differ = {} THEN l ELSE SubSeq(leaderLog, 1, j)

\* Takes in any piece that the leader of term t may have sent, and acknowledges it when it is durable. What is taken in and
\* lost in a crash before that is as if it had never come, so all of it is one step here.
Follow(s) == \E t \in Terms : t >= term[s] /\ s \notin leaders[t] /\ \E j \in 1..Len(sent[t]) : \E i \in 0..j :
    /\ i > 0 => i <= Len(log[s]) /\ log[s][i].term = sent[t][i].term
    /\ term' = [term EXCEPT ![s] = t]
    /\ vote' = [vote EXCEPT ![s] = IF t > term[s] THEN Nobody ELSE @]
    /\ role' = [role EXCEPT ![s] = "follower"]
    /\ log' = [log EXCEPT ![s] = Taken(@, sent[t], i, j)]
    /\ synced' = [synced EXCEPT ![s] = IF Mutant = "AcknowledgeBeforeSync" THEN Min(@, i) ELSE Len(log'[s])]
    /\ acked' = [acked EXCEPT ![s][t] = Max(@, j)]
    /\ LET verified == IF Mutant = "CommitUnverified" THEN Len(log'[s]) ELSE j
           applied == SubSeq(log'[s], 1, Min(told[t], verified))
       IN  broken' = (broken \/ ~IsPrefix(applied, [k \in 1..Len(committed) |-> committed[k].entry]))
    /\ UNCHANGED <<asked, granted, sent, told, committed, leaders>>

Reached(s, t, n) ==
    {v \in Server : IF v = s THEN synced[v] >= n \/ Mutant = "LeaderCountsUnsynced" ELSE acked[v][t] >= n}

Commit(s) == role[s] = "leader" /\ \E n \in (told[term[s]] + 1)..Len(log[s]) :
    /\ log[s][n].term = term[s] \/ Mutant = "CommitOldTermByCount"
    /\ Majority(Configuration(log[s]), Reached(s, term[s], n))
    /\ told' = [told EXCEPT ![term[s]] = n]
    /\ committed' = IF n <= Len(committed) THEN committed
                    ELSE committed \o [k \in 1..(n - Len(committed)) |->
                            [entry |-> log[s][Len(committed) + k], term |-> term[s]]]
    /\ broken' = (broken \/ \E k \in 1..Min(n, Len(committed)) : committed[k].entry # log[s][k])
    /\ UNCHANGED <<term, vote, role, log, synced, asked, granted, sent, acked, leaders>>

-----------------------------------------------------------------------------
(* Change of members. Learners get the log and do not count, which any member may here: so adding one is no step of its own. *)

ChangeIsPossible(s) ==
    /\ role[s] = "leader"
    \* Not before an entry of its own term is committed: `told` counts no others.
    /\ told[term[s]] > 0 \/ Mutant = "ChangeBeforeOwnCommit"
    /\ ConfigurationIndex(log[s]) <= told[term[s]] \/ Mutant \in {"ChangeBeforeOwnCommit", "ChangesOverlap"}

BeginChange(s) == \E target \in Targets :
    /\ ChangeIsPossible(s)
    /\ LET now == Configuration(log[s]) IN
        /\ ~IsJoint(now) \/ Mutant = "ChangesOverlap"
        /\ target # now.voters
        /\ LeaderAppends(s, Voters(term[s], target, IF Mutant = "NotJoint" THEN {} ELSE now.voters))

EndChange(s) ==
    /\ role[s] = "leader"
    /\ IsJoint(Configuration(log[s]))
    /\ told[term[s]] >= ConfigurationIndex(log[s]) \/ Mutant = "EndBeforeJointIsCommitted"
    /\ LeaderAppends(s, Voters(term[s], Configuration(log[s]).voters, {}))

-----------------------------------------------------------------------------
\* Power is lost, and the member comes back with what is durable.
Crash(s) ==
    /\ \/ role[s] # "follower"
       \/ synced[s] < Len(log[s])
       \/ Mutant = "VoteForgotten"
    /\ role' = [role EXCEPT ![s] = "follower"]
    /\ log' = [log EXCEPT ![s] = SubSeq(@, 1, synced[s])]
    /\ vote' = [vote EXCEPT ![s] = IF Mutant = "VoteForgotten" THEN Nobody ELSE @]
    /\ UNCHANGED <<term, synced, asked, granted, sent, told, acked, committed, leaders, broken>>

Next == \E s \in Server :
    \/ BecomeCandidate(s) \/ Vote(s) \/ BecomeLeader(s)
    \/ Propose(s) \/ Sync(s) \/ Follow(s) \/ Commit(s)
    \/ BeginChange(s) \/ EndChange(s)
    \/ Crash(s)

Spec == Init /\ [][Next]_vars
SpecFromFigure8 == InitFigure8 /\ [][Next]_vars

-----------------------------------------------------------------------------
(* What must hold. *)

OneLeaderPerTerm == \A t \in Terms : Cardinality(leaders[t]) <= 1

LogMatching == \A a, b \in Server : \A i \in 1..Min(Len(log[a]), Len(log[b])) :
    log[a][i].term = log[b][i].term => SubSeq(log[a], 1, i) = SubSeq(log[b], 1, i)

LeaderCompleteness == \A s \in Server : role[s] = "leader" =>
    \A i \in 1..Len(committed) : committed[i].term < term[s] => i <= Len(log[s]) /\ log[s][i] = committed[i].entry

\* Nobody commits or applies anything else in a place than what was committed there first.
StateMachineSafety == ~broken

\* Every committed configuration follows from the committed one before it: to joint with it, and from there to the new voters.
ChangesOneAtATime ==
    LET at == {i \in 1..Len(committed) : IsConfiguration(committed[i].entry)}
        before(i) == {j \in at : j < i}
        previous(i) == IF before(i) = {} THEN Voters(0, Bootstrap, {})
                       ELSE committed[CHOOSE j \in before(i) : \A k \in before(i) : k <= j].entry
    IN  \A i \in at :
            IF IsJoint(committed[i].entry)
            THEN ~IsJoint(previous(i)) /\ committed[i].entry.outgoing = previous(i).voters
            ELSE IsJoint(previous(i)) /\ committed[i].entry.voters = previous(i).voters

-----------------------------------------------------------------------------
\* Members that begin alike are alike.
Symmetry == Permutations(Bootstrap) \cup Permutations(Server \ Bootstrap)

(* What can't matter any more is not told apart: it makes fewer states, not fewer behaviours. *)

Alive(t) == \E s \in Server : term[s] <= t
Leads(t) == \E s \in Server : term[s] = t /\ role[s] = "leader"
Runs(t) == \E s \in Server : term[s] = t /\ role[s] = "candidate"

View == <<
    term, vote, role, log, committed, broken,
    [s \in Server |-> IF role[s] = "leader" \/ synced[s] < Len(log[s]) THEN synced[s] ELSE MaxLog],
    {request \in asked : Alive(request.term) /\ Runs(request.term)},
    {g \in granted : Runs(g[1])},
    [t \in Terms |-> IF Alive(t) THEN <<sent[t], told[t], leaders[t]>> ELSE <<>>],
    [s \in Server |-> [t \in Terms |-> IF Leads(t) THEN acked[s][t] ELSE 0]]>>
=============================================================================
