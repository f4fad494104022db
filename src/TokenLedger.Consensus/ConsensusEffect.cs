// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <summary>
/// One thing to do, in order. For a batch of steps the runtime first makes every <see cref="AppendRecord"/>
/// and the <see cref="OwnVoteRecord"/> of every <see cref="CastVote"/> durable with one fsync, in order, and
/// only then does everything else.
/// </summary>
public abstract record ConsensusEffect;

/// <summary>Append to the own record.</summary>
public sealed record AppendRecord(ConsensusRecord Record) : ConsensusEffect;

/// <summary>
/// Vote. Append <see cref="OwnVoteRecord"/> durably, then sign, then send to all (as a <see cref="Proposal"/>
/// when the header is there, else as a vote), then tell <see cref="OwnVoteSigned"/>.
/// </summary>
/// <param name="Subject">What to sign.</param>
/// <param name="ProposalHeader">The header, when this is the leader's proposal.</param>
/// <param name="ParentView">The proposal's parent view, with the header.</param>
public sealed record CastVote(VoteSubject Subject, BlockHeader? ProposalHeader, View? ParentView)
    : ConsensusEffect;

/// <summary>
/// Say again after a restart what the record says was said: sign, send as a vote, tell <see
/// cref="OwnVoteSigned"/>. Nothing is appended, the record is durable already.
/// </summary>
public sealed record RecastVote(VoteSubject Subject) : ConsensusEffect;

/// <summary>Send an own vote to all once more.</summary>
public sealed record BroadcastVote(Vote Vote) : ConsensusEffect;

/// <summary>Send a certificate to all.</summary>
public sealed record BroadcastCertificate(Certificate Certificate) : ConsensusEffect;

/// <summary>Send the own proposal to all once more, with its body.</summary>
public sealed record BroadcastProposal(Proposal Proposal) : ConsensusEffect;

/// <summary>Send a certificate to one validator that is behind.</summary>
public sealed record SendCertificate(int To, Certificate Certificate) : ConsensusEffect;

/// <summary>
/// Build a block on a parent, and answer <see cref="BlockBuilt"/> or <see cref="BuildFailed"/>.
/// </summary>
/// <param name="View">
/// The view to build for; a later <see cref="ViewEntered"/> makes the work useless.
/// </param>
/// <param name="ParentView">View of the parent.</param>
/// <param name="ParentHash">The parent: certified or final.</param>
public sealed record Build(View View, View ParentView, Hash256 ParentHash) : ConsensusEffect;

/// <summary>
/// Check a proposal (body here, header fits its parent, time near), and answer <see cref="BlockVerified"/>
/// once known. The parent is certified or final.
/// </summary>
public sealed record Verify(Proposal Proposal) : ConsensusEffect;

/// <summary>
/// Re-execute a notarized block, make it durable, and answer <see cref="BlockCertified"/>. Fetch it and its
/// ancestors when they are missing; keep trying until a <see cref="Finalize"/> of this or a later view.
/// </summary>
public sealed record Certify(View View, Hash256 BlockHash) : ConsensusEffect;

/// <summary>
/// The block is final, and all its ancestors: deliver them. Certifications up to its view are void.
/// </summary>
public sealed record Finalize(Certificate Certificate) : ConsensusEffect;

/// <summary>
/// Ask for certificates of views that nothing covers: <see cref="ConsensusMachine.Answer"/> is the other
/// side. Asked again every retry interval while needed. A valid answer that does not help is nobody's fault.
/// </summary>
/// <param name="From">First view.</param>
/// <param name="To">Last view, inclusive.</param>
/// <param name="Target">The validator that must have them, since it proposed on them; null for any.</param>
public sealed record FetchCertificates(View From, View To, int? Target) : ConsensusEffect;

/// <summary>A validator's misbehaviour is proved: keep it and raise an alarm.</summary>
public sealed record Evidence(EquivocationEvidence Proof) : ConsensusEffect;

/// <summary>A peer misbehaved on its own connection. How long to block it is the runtime's choice.</summary>
public sealed record BlockPeer(int Peer, PeerFault Reason) : ConsensusEffect;

/// <summary>
/// Nothing about views below this will be asked for or needed at a restart: records may be deleted.
/// </summary>
public sealed record Prune(View View) : ConsensusEffect;

/// <summary>
/// A view began. For metrics, for abandoning older builds, and to tell <see cref="WorkPending"/> anew.
/// </summary>
public sealed record ViewEntered(View View, int Leader) : ConsensusEffect;

/// <summary>
/// Two valid certificates exclude each other: more than f validators are faulty, and no rule can help. The
/// machine stops for good and does nothing more; the node must stop and call its operators.
/// </summary>
public sealed record SafetyViolated(Certificate First, Certificate Second) : ConsensusEffect;
