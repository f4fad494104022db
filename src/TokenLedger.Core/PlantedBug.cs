// SPDX-License-Identifier: Apache-2.0
#if PLANTED
namespace TokenLedger.Core;

/// <summary>
/// A known mistake that stands in the sources for tests to find. Production builds have none.
/// </summary>
public enum PlantedBug
{
    /// <summary>The code is right.</summary>
    None,

    /// <summary>A quorum is 2f + 1: too few whenever n is not 3f + 1.</summary>
    QuorumOf2fPlus1,

    /// <summary>A view that was nullified is finalized when its block is certified later.</summary>
    FinalizeAfterNullify,

    /// <summary>The own nullify is forgotten at a restart.</summary>
    FinalizeAfterNullifyAcrossRestart,

    /// <summary>A vote is signed before its record is synced.</summary>
    VoteBeforeFsync,

    /// <summary>The result of a certification is not recorded.</summary>
    LostCertification,

    /// <summary>A restart does not say and count its own votes again.</summary>
    OwnVotesNotRecounted,

    /// <summary>A nullification ends the certification that is under way.</summary>
    CertificationAbandoned,

    /// <summary>A finalization of an older view is taken for the newest.</summary>
    StaleCertificate,

    /// <summary>A vote that comes twice counts twice.</summary>
    DuplicateSigner,

    /// <summary>A certificate's signatures may be anybody's.</summary>
    ExMemberCounted,

    /// <summary>A header's state root is not compared with the executed one.</summary>
    StateRootNotCompared,

    /// <summary>A transfer leaves no event.</summary>
    MissingEvent,

    /// <summary>The value of a proposal is rounded down in the place of up.</summary>
    WrongRemainder,

    /// <summary>A block is executed on its elder sibling's state.</summary>
    OverlayLeaked,

    /// <summary>Consensus starts below what the ledger holds as final.</summary>
    ApplicationAheadOfFloor,

    /// <summary>Votes are kept for views however far ahead.</summary>
    UnboundedVoteBuffer,

    /// <summary>A block's time may be far ahead of the voter's clock.</summary>
    TimestampUnchecked,

    /// <summary>The signer's watermark is taken back from a backup.</summary>
    WatermarkFromBackup,

    /// <summary>The pool keeps, and offers again, what is final.</summary>
    PoolReplaysFinal,

    /// <summary>A block is called final before it is synced.</summary>
    UnsyncedServed,

    /// <summary>A lock is reported as expired by the ledger's clock, whatever is final abroad.</summary>
    BridgeExpiryByLedgerClock,

    /// <summary>A burn that was released can be asked for again.</summary>
    BridgeBurnReleasedTwice,

    /// <summary>Messages are signed while the backing differs.</summary>
    BridgeSignsUnbacked,

    /// <summary>That a block was read is written down before what happened in it.</summary>
    BridgeHeadBeforeFacts,

    /// <summary>Events that end nonces are not compared with the nonces that are used up.</summary>
    BridgeOutcomesUnchecked,

    /// <summary>f signers decide what happened abroad.</summary>
    BridgeQuorumOfF,

    /// <summary>Burns are not compared with the contract's hash chain.</summary>
    BridgeBurnsUnchecked,

    /// <summary>A final block that was replaced is not noticed.</summary>
    BridgeReversalIgnored,

    /// <summary>A transaction is sent abroad before it is written down.</summary>
    BridgeSendUnwritten,

    /// <summary>A lock that may be signed already goes back at once.</summary>
    BridgeCancelAtOnce,
}
#endif
