// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Simulation;

/// <summary>All that a run of the bridge depends on.</summary>
internal sealed record BridgeOptions
{
    public const ulong ChainId = 11_155_111;

    /// <summary>The bond's token, and the certificate's.</summary>
    public static readonly ImmutableArray<(AssetId Asset, Address Token)> Tokens =
        [(Bond, Named("bond abroad")), (Carbon, Named("carbon abroad"))];

    public required ulong Seed { get; init; }

    public required int Signers { get; init; }

    public required IReadOnlyList<BridgeFault> Faults { get; init; }

    /// <summary>Of the last f signers, those that lie.</summary>
    public IReadOnlyList<int> Byzantine { get; init; } = [];

    /// <summary>Length of the first phase, in which the faults happen.</summary>
    public required ulong ChaosMs { get; init; }

    /// <summary>Mean time between two client actions.</summary>
    public required ulong ClientEveryMs { get; init; }

    public required ulong RemoteEveryMs { get; init; }

    /// <summary>How many blocks the final one is behind the newest.</summary>
    public required ulong FinalLag { get; init; }

    public required ulong LedgerEveryMs { get; init; }

    public required ulong LifetimeMs { get; init; }

    public required ulong GatherMs { get; init; }

    /// <summary>Client actions left out, by number.</summary>
    public IReadOnlySet<ulong> Without { get; init; } = new HashSet<ulong>();

    /// <summary>All client actions of the first phase, by number.</summary>
    public IEnumerable<ulong> Actions
    {
        get
        {
            for (ulong i = 0; i * ClientEveryMs < ChaosMs; i++)
            {
                yield return i;
            }
        }
    }

    public int MaxFaulty => (Signers - 1) / 3;

    /// <summary>The signers that are right in the end; the others may be anything, for good.</summary>
    public int Healthy => Signers - MaxFaulty;

    /// <summary>How long a healthy quorum has for all that is open: the longest is a lock that is refused
    /// abroad until its deadline.</summary>
    public ulong SettleMs => (2 * LifetimeMs) + (60 * RemoteEveryMs) + 300_000;

    public OpenBridgeLane Terms => new(
        ChainId, Named("bridge"), Named("register"), Hashing.Hash(DomainTag.StateValue, "genesis"u8),
        StartBlock: 1, LifetimeMs, GatherMs, Set([.. Enumerable.Repeat(0, Signers)]));

    /// <summary>Of each signer the key of so manieth generation.</summary>
    public static ImmutableArray<BridgeSigner> Set(IReadOnlyList<int> generations) =>
    [
        .. generations.Select((generation, i) => new BridgeSigner(
                KeyOf(i, generation), OwnerOf(i, generations.Count)))
            .OrderBy(static signer => signer.Key),
    ];

    public static Address KeyOf(int signer, int generation) => Named($"signer {signer}.{generation}");

    /// <summary>No institution has more than f seats.</summary>
    private static Address OwnerOf(int signer, int signers)
    {
        Address[] owners = [Ministry, Treasury, Bank, Regulator, Auditor, ExchangeA];
        return owners[signers == 7 ? signer / 2 : signer];
    }

    public override string ToString() =>
        $"signers {Signers}, chaos {ChaosMs} ms, a client action each {ClientEveryMs} ms, a block abroad each"
        + $" {RemoteEveryMs} ms and final {FinalLag} later, a block here each {LedgerEveryMs} ms, locks live"
        + $" {LifetimeMs} ms and are gathered {GatherMs} ms, {Without.Count} actions left out,"
        + $" {Faults.Count} faults" + string.Concat(Byzantine.Select(one => $", signer {one} lies"));
}
