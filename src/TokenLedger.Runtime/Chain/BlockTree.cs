// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Chain;

/// <summary>What a child block stands on: a final head or an executed block.</summary>
internal sealed record BlockParent(
    BlockHeader Header, Hash256 Hash, IStateView State, StateTree Tree, MountainRange History);

/// <summary>
/// The executed blocks above the final head, and the head itself. It executes, compares roots and commits; it
/// sees no clock and no peer. One thread owns it.
/// </summary>
internal sealed class BlockTree
{
    /// <summary>Changes, and digits of a value's hash, that a report of another state root shows.</summary>
    private const int ToldChanges = 32;
    private const int ToldDigits = 16;

    private readonly LedgerMachine _machine;
    private readonly LedgerStore _ledger;
    private readonly ValidatorSet _validators;
    private readonly Checkpoint? _checkpoint;
    private readonly Dictionary<Hash256, BlockNode> _nodes = [];
    private BlockParent _head;

    public BlockTree(
        LedgerMachine machine, LedgerStore ledger, ValidatorSet validators, StateTree tree,
        Checkpoint? checkpoint = null)
    {
        _checkpoint = checkpoint;
        _machine = machine;
        _ledger = ledger;
        _validators = validators;
        _head = new BlockParent(
            ledger.Head.Header, ledger.Head.Hash, ledger.State, tree, ledger.HistoryRange);
        Invariant.Require(tree.Root == _head.Header.StateRoot, "the rebuilt state has the head's root");
    }

    /// <summary>The final head.</summary>
    public BlockParent Head => _head;

    /// <summary>Executed blocks above the head.</summary>
    public int Count => _nodes.Count;

    public BlockNode? Find(in Hash256 hash) => _nodes.GetValueOrDefault(hash);

    /// <summary>The parent of this hash: the head, or an executed block; null when unknown here.</summary>
    public BlockParent? FindParent(in Hash256 hash)
    {
        if (hash == _head.Hash)
        {
            return _head;
        }

        return _nodes.TryGetValue(hash, out BlockNode? node)
            ? new BlockParent(node.Header, node.Hash, node.State, node.Tree, node.History)
            : null;
    }

    /// <summary>Builds the block of a view on a parent, from candidates of the pool.</summary>
    public (BlockNode Node, ImmutableArray<DroppedTransaction> Dropped) Build(
        BlockParent parent, View view, TimestampMs time, IEnumerable<VerifiedTransaction> candidates)
    {
        Height height = parent.Header.Height.Next;
        AssembledBlock assembled = _machine.Assemble(
            parent.State, new BlockContext(height, time), candidates, BlockBudget.Full);
        StateTree tree = parent.Tree.Update(assembled.Block.Changes);
        ImmutableArray<SignedTransaction> signed = [.. assembled.Included.Select(t => t.Signed)];
        var header = new BlockHeader(
            _ledger.GenesisHash,
            _validators.Epoch,
            height,
            view,
            parent.Hash,
            time,
            _validators[_validators.LeaderOf(view)].Address,
            Block.TransactionsRootOf(signed),
            assembled.Block.ReceiptsRoot,
            assembled.Block.EventsRoot,
            tree.Root,
            _validators.Hash,
            _validators.Hash,
            parent.History.Root());
        return (
            Keep(parent, new Block(header, signed), assembled.Included, assembled.Block, tree),
            assembled.Dropped);
    }

    /// <summary>
    /// What is wrong with a header as the child of a parent, whatever the clock says; null when nothing.
    /// </summary>
    public string? ContextProblem(BlockParent parent, BlockHeader header)
    {
        int leader = _validators.LeaderOf(header.View);
        return header switch
        {
            _ when header.GenesisHash != _ledger.GenesisHash => "it is of another network",
            _ when header.Epoch != _validators.Epoch => "it is of another epoch",
            _ when header.ParentHash != parent.Hash => "its parent is another block",
            _ when header.Height != parent.Header.Height.Next => "its height is not its parent's and one",
            _ when header.View <= parent.Header.View => "its view is not after its parent's",
            _ when header.Timestamp <= parent.Header.Timestamp => "its time is not after its parent's",
            _ when header.Proposer != _validators[leader].Address => "its proposer does not lead its view",
            _ when header.ValidatorSetHash != _validators.Hash => "its validator set is another",
            _ when header.NextValidatorSetHash != _validators.Hash => "its next validator set is another",
            _ when header.HistoryRoot != parent.History.Root() =>
                "its history root is not over the headers before it",
            _ when header.Height == _checkpoint?.Height && header.Hash != _checkpoint.Hash =>
                "it is not the pinned checkpoint",
            _ => null,
        };
    }

    /// <summary>Executes a block whose context was checked, and compares every root.</summary>
    /// <returns>The node, or null and what differs.</returns>
    public BlockNode? Execute(
        BlockParent parent, Block block, ImmutableArray<VerifiedTransaction> transactions, out string problem)
    {
        BlockHeader header = block.Header;
        var context = new BlockContext(header.Height, header.Timestamp);
#if PLANTED
        BlockNode? elder = _nodes.Values.FirstOrDefault(node => node.Header.ParentHash == parent.Hash);
        bool leaks = Planted.Is(PlantedBug.OverlayLeaked) && elder is not null;
        parent = leaks ? parent with { State = elder!.State } : parent;
#endif
        if (_machine.Execute(parent.State, context, transactions) is not ExecutedBlock executed)
        {
            problem = "a transaction of it may not be included";
            return null;
        }

        StateTree tree = parent.Tree.Update(executed.Changes);
        problem = header switch
        {
            _ when header.ReceiptsRoot != executed.ReceiptsRoot => "its receipts root differs",
            _ when header.EventsRoot != executed.EventsRoot => "its events root differs",
#if PLANTED
            _ when Planted.Is(PlantedBug.StateRootNotCompared) => "",
#endif
            _ when header.StateRoot != tree.Root =>
                "its state root differs; executed here: " + Told(executed.Changes),
            _ => "",
        };
        return problem.Length == 0 ? Keep(parent, block, transactions, executed, tree) : null;
    }

    /// <summary>What was executed here, so that two nodes' reports show the first key that differs.</summary>
    private static string Told(IEnumerable<StateChange> changes) => string.Join(
        ", ", changes.Take(ToldChanges).Select(static change =>
        {
            string value = change.Value is { } some
                ? Hashing.Hash(DomainTag.StateValue, some.Span).ToString()[..ToldDigits]
                : "gone";
            return $"{Convert.ToHexStringLower(change.Key.Span)}={value}";
        }));

    /// <summary>
    /// The executed blocks from the head's child up to this hash; null when one of them was not executed
    /// here, empty when the hash is the head's.
    /// </summary>
    public IReadOnlyList<BlockNode>? PathTo(in Hash256 hash)
    {
        var path = new List<BlockNode>();
        Hash256 next = hash;
        while (next != _head.Hash)
        {
            if (!_nodes.TryGetValue(next, out BlockNode? node))
            {
                return null;
            }

            path.Add(node);
            next = node.Header.ParentHash;
        }

        path.Reverse();
        return path;
    }

    /// <summary>
    /// Commits the head's child: invariants, one atomic write, and the ledger takes over from its overlay.
    /// </summary>
    public void Commit(BlockNode node, Certificate? certificate)
    {
        Invariant.Require(node.Header.ParentHash == _head.Hash, "only the head's child is committed");
        IReadOnlyList<string> broken = InvariantChecker.CheckBlock(
            _head.State, node.Executed, node.Transactions);
        Invariant.Require(broken.Count == 0, $"block {node.Header.Height}: {string.Join("; ", broken)}");
        _ledger.Commit(new CommittedBlock(
            node.Block, node.Executed.Receipts, node.Executed.Events, node.Executed.Changes, certificate,
            _head.Tree.Former(node.Executed.Changes)));
        node.State.Settle(_ledger.State);
        _head = new BlockParent(node.Header, node.Hash, _ledger.State, node.Tree, node.History);
        _nodes.Remove(node.Hash);
    }

    /// <summary>
    /// Forgets every block that can no longer be final: whatever does not descend from the head.
    /// </summary>
    public void DropStale()
    {
        // By height, so that a parent is judged before its children.
        foreach (BlockNode node in _nodes.Values.OrderBy(n => n.Header.Height).ToArray())
        {
            Hash256 parent = node.Header.ParentHash;
            if (parent != _head.Hash && !_nodes.ContainsKey(parent))
            {
                _nodes.Remove(node.Hash);
            }
        }
    }

    private BlockNode Keep(
        BlockParent parent,
        Block block,
        ImmutableArray<VerifiedTransaction> transactions,
        ExecutedBlock executed,
        StateTree tree)
    {
        Hash256 hash = block.Hash;
        var node = new BlockNode(block, hash, transactions, executed, tree, parent.History.Append(hash));
        _nodes[hash] = node;
        return node;
    }
}
