// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <summary>What is known of a view's block from its leader.</summary>
internal enum Slot
{
    /// <summary>Nothing came.</summary>
    None,

    /// <summary>A proposal came, and is not checked or not yet checkable.</summary>
    Unverified,

    /// <summary>The proposal is good, or it is our own, or our record says that we voted for it.</summary>
    Verified,

    /// <summary>
    /// The leader is proved to have proposed two blocks: neither gets our notarize or finalize.
    /// </summary>
    Equivocated,
}

/// <summary>Where the certification of a view's notarized block stands.</summary>
internal enum Certification
{
    /// <summary>Not asked for.</summary>
    Ready,

    /// <summary>
    /// Asked for. A nullification does not end this; a finalization of this or a later view does.
    /// </summary>
    Outstanding,

    /// <summary>The block re-executed to its header's roots, and is durable.</summary>
    True,

    /// <summary>It did not. Neither built on nor voted for, unless a finalization says otherwise.</summary>
    False,

    /// <summary>A finalization of this or a later view made the question void.</summary>
    Aborted,
}

/// <summary>Everything kept about one view.</summary>
internal sealed class ViewState(View view)
{
    public View View { get; } = view;

    public Slot Slot { get; set; }

    /// <summary>The slot's block; meaningful when the slot is not empty.</summary>
    public Hash256 SlotHash { get; set; }

    /// <summary>The proposal in the slot; null when only our record knows the slot.</summary>
    public Proposal? Proposal { get; set; }

    /// <summary>The application was asked to verify the proposal.</summary>
    public bool VerifyAsked { get; set; }

    /// <summary>
    /// The parent on which the application builds our proposal; null when it was not asked.
    /// </summary>
    public Parent? Building { get; set; }

    /// <summary>The header of the block that we built for this view as its leader.</summary>
    public BlockHeader? OwnHeader { get; set; }

    public bool VotedNotarize { get; set; }

    /// <summary>Once true, this validator never finalizes the view.</summary>
    public bool VotedNullify { get; set; }

    /// <summary>Once true, this validator never nullifies the view.</summary>
    public bool VotedFinalize { get; set; }

    /// <summary>The block that our record says we finalized; meaningful after a replay.</summary>
    public Hash256 FinalizedHash { get; set; }

    public Certificate? Notarization { get; set; }

    public Certificate? Nullification { get; set; }

    public Certification Certification { get; set; }

    /// <summary>The votes; null when none came or the view left the vote window.</summary>
    public VoteBuffer? Votes { get; set; }

    /// <summary>The parent that this view's block is, once it may be built on.</summary>
    public Parent? AsParent => Certification == Certification.True && Notarization is { } notarization
        ? new Parent(View, notarization.Subject.BlockHash)
        : null;
}

/// <summary>A block that may be built on.</summary>
internal readonly record struct Parent(View View, Hash256 Hash);
