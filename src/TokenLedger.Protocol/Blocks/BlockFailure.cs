// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Protocol.Blocks;

/// <summary>Which check of a final block failed.</summary>
public enum BlockFault
{
    /// <summary>The genesis document is not the one whose hash is known.</summary>
    WrongGenesis = 1,

    /// <summary>Bytes are not the canonical form of what they should be.</summary>
    Malformed = 2,

    /// <summary>A header is not the next one: height, parent, network or validators.</summary>
    BrokenChain = 3,

    /// <summary>A certificate is not a quorum's finalization of its block.</summary>
    WrongCertificate = 4,

    /// <summary>The transactions are not those of the header.</summary>
    WrongTransactions = 5,

    /// <summary>The receipts are not those of the header.</summary>
    WrongReceipts = 6,

    /// <summary>The events are not those of the header.</summary>
    WrongEvents = 7,

    /// <summary>More was sent without a certificate, or for one block, than is held.</summary>
    TooMuch = 8,
}

/// <summary>Why a source's blocks are not believed.</summary>
/// <param name="Fault">The check.</param>
/// <param name="Height">The block; 0 for genesis, too.</param>
/// <param name="Sentence">What is wrong, for people.</param>
public sealed record BlockFailure(BlockFault Fault, Height Height, string Sentence);
