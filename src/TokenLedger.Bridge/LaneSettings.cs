// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Evm;

namespace TokenLedger.Bridge;

/// <summary>How a validator reaches the chain of a lane, and what it pays there.</summary>
public sealed record LaneSettings
{
    /// <summary>The lane, by its chain's EIP-155 id.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>JSON-RPC endpoints, of different operators; one of them the institution's own.</summary>
    public required ImmutableArray<Uri> Endpoints { get; init; }

    /// <summary>How many of them must say the same: more than half. It never goes down by itself.</summary>
    public required int Required { get; init; }

    /// <summary>Keccak-256 of the bridge's deployed code.</summary>
    public required Hash256 CodeHash { get; init; }

    /// <summary>Keccak-256 of the signers' register's deployed code.</summary>
    public required Hash256 SignerCodeHash { get; init; }

    /// <summary>How often the chain is looked at.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long one read may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one signer has for a message before it is the next one's turn to send it.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a transaction may wait for a block before it offers more.</summary>
    public TimeSpan Replace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often chain and contracts are compared with the lane's.</summary>
    public TimeSpan Identity { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How old the newest final block may be before operators are told: twice as old as it usually
    /// is on Ethereum.</summary>
    public TimeSpan Stale { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>What it pays.</summary>
    public FeePolicy Fees { get; init; } = new(1_000_000_000UL, 200_000_000_000UL);

    /// <summary>
    /// The signers report how much is abroad at every so manieth block. All signers must hold the same
    /// number, so it is none of the options.
    /// </summary>
    public const ulong ReportEvery = 32;
}
