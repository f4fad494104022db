// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <summary>
/// One thing that happened, told to <see cref="ConsensusMachine.Step"/>. "From" is always the index of the
/// authenticated connection's validator, never a claim of the message.
/// </summary>
public abstract record ConsensusInput;

/// <summary>A proposal arrived. Only the view's leader sends proposals.</summary>
/// <param name="From">The connection's validator.</param>
/// <param name="Proposal">Well-formed, otherwise unchecked.</param>
public sealed record ProposalReceived(int From, Proposal Proposal) : ConsensusInput;

/// <summary>A vote arrived. Every validator sends its own votes only.</summary>
/// <param name="From">The connection's validator.</param>
/// <param name="Vote">Well-formed, otherwise unchecked.</param>
public sealed record VoteReceived(int From, Vote Vote) : ConsensusInput;

/// <summary>A certificate arrived: pushed by a peer, or as an answer.</summary>
/// <param name="From">The connection's validator; −1 when it was fetched or comes from no validator.</param>
/// <param name="Certificate">Well-formed, otherwise unchecked.</param>
public sealed record CertificateReceived(int From, Certificate Certificate) : ConsensusInput;

/// <summary>
/// The answer to <see cref="CastVote"/> and <see cref="RecastVote"/>: the record is durable, and here is the
/// vote.
/// </summary>
public sealed record OwnVoteSigned(Vote Vote) : ConsensusInput;

/// <summary>
/// The answer to <see cref="Build"/>: the block was built and executed. Its body need not be durable yet.
/// </summary>
public sealed record BlockBuilt(View View, BlockHeader Header) : ConsensusInput;

/// <summary>
/// The other answer to <see cref="Build"/>: no block can be built. The view is given up at once.
/// </summary>
public sealed record BuildFailed(View View) : ConsensusInput;

/// <summary>
/// The answer to <see cref="Verify"/>. "Not yet" is no answer: the caller keeps waiting and says nothing.
/// </summary>
/// <param name="View">The proposal's view.</param>
/// <param name="BlockHash">The proposal's block.</param>
/// <param name="Valid">
/// True when the body is here and the header fits its parent; false when it never will.
/// </param>
public sealed record BlockVerified(View View, Hash256 BlockHash, bool Valid) : ConsensusInput;

/// <summary>The answer to <see cref="Certify"/>.</summary>
/// <param name="View">The block's view.</param>
/// <param name="BlockHash">The block.</param>
/// <param name="Valid">
/// True when re-execution gave the header's roots and the block, with all its ancestors, is durable here.
/// False is for ever; "cannot say yet" is no answer.
/// </param>
public sealed record BlockCertified(View View, Hash256 BlockHash, bool Valid) : ConsensusInput;

/// <summary>
/// Transactions wait: the leader has no reason to wait for its heartbeat. Counts for the current view; say it
/// again after each <see cref="ViewEntered"/> while they wait.
/// </summary>
public sealed record WorkPending : ConsensusInput;

/// <summary>
/// Block sync brought the application to this finalization, which the caller has verified: the floor moves
/// up, and no <see cref="Finalize"/> follows for it. Also tells the machine that a delivered finality is
/// durable.
/// </summary>
public sealed record Synced(Certificate Finalization) : ConsensusInput;

/// <summary>Time passed. To be told when <see cref="ConsensusMachine.NextWake"/> is reached.</summary>
public sealed record Tick : ConsensusInput;

/// <summary>
/// One entry of the own record, in the order of appending; before <see cref="Start"/> only.
/// </summary>
public sealed record Replayed(ConsensusRecord Record) : ConsensusInput;

/// <summary>
/// The record is replayed: begin. Exactly once, before every other input but <see cref="Replayed"/>.
/// </summary>
/// <param name="Floor">
/// Finalization of the newest block that the application holds durably; null at genesis.
/// </param>
public sealed record Start(Certificate? Floor) : ConsensusInput;
