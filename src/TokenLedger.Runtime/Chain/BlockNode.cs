// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Execution;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// A block that was executed here and is not final yet, with everything that its children need.
/// </summary>
internal sealed class BlockNode(
    Block block,
    Hash256 hash,
    ImmutableArray<VerifiedTransaction> transactions,
    ExecutedBlock executed,
    StateTree tree,
    MountainRange history)
{
    public Block Block { get; } = block;

    public Hash256 Hash { get; } = hash;

    public BlockHeader Header => Block.Header;

    public ImmutableArray<VerifiedTransaction> Transactions { get; } = transactions;

    public ExecutedBlock Executed { get; } = executed;

    public StateTree Tree { get; } = tree;

    /// <summary>The range over all headers up to and with this one.</summary>
    public MountainRange History { get; } = history;

    /// <summary>
    /// What children read through: this block's overlay until it is final, then the ledger.
    /// </summary>
    public SettlingView State { get; } = new(executed.State);
}

/// <summary>
/// The state after a block, whether it is still an overlay or merged into the ledger. Switching cuts the
/// chain of overlays: without it every overlay would keep all its ancestors alive for ever.
/// </summary>
internal sealed class SettlingView(IStateView state) : IStateView
{
    private IStateView _state = state;

    /// <summary>From now on the ledger answers. It must hold all that the overlay held.</summary>
    public void Settle(IStateView ledger) => _state = ledger;

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) =>
        _state.TryGet(key, out value);

    public IReadOnlyList<StateEntry> Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int limit) =>
        _state.Range(from, to, limit);
}
