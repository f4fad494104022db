// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// A block tree with slow building, verifying and executing. What is durable survives crashes; a block is
/// durable before it is called certified. A block with a root that is <see cref="BadRoot"/> executes to
/// another root.
/// </summary>
public sealed class FakeApplication
{
    private readonly SimulatedNode _node;
    private readonly SeededNetwork _network;
    private readonly Dictionary<Hash256, BlockHeader> _known = [];
    private readonly Dictionary<Hash256, BlockHeader> _durable = [];
    private readonly List<Func<bool>> _waiting = [];
    private readonly SortedSet<Hash256> _wanted = [];
    private bool _asking;

    public FakeApplication(SimulatedNode node, SeededNetwork network)
    {
        _node = node;
        _network = network;
        _durable.Add(network.Genesis.Hash, network.Genesis);
        Restart();
    }

    /// <summary>The receipts root of blocks that do not certify.</summary>
    public static Hash256 BadRoot => Hashing.Hash(DomainTag.ListRoot, [0xBA, 0xD0]);

    /// <summary>The newest block taken for final; durable.</summary>
    public BlockHeader Head { get; private set; } = null!;

    /// <summary>The finalization that the head was delivered by; durable.</summary>
    public Certificate? Floor { get; private set; }

    public bool IsDurable(in Hash256 hash) => _durable.ContainsKey(hash);

    /// <summary>After a crash: only what is durable is left.</summary>
    public void Restart()
    {
        _known.Clear();
        foreach ((Hash256 hash, BlockHeader header) in _durable)
        {
            _known.Add(hash, header);
        }

        Head ??= _network.Genesis;
        _waiting.Clear();
        _wanted.Clear();
        _asking = false;
    }

    public BlockHeader? Find(in Hash256 hash) => _known.GetValueOrDefault(hash);

    /// <summary>A block and its ancestors, as far as they are known here.</summary>
    public IEnumerable<BlockHeader> Path(Hash256 hash)
    {
        while (Find(hash) is { } header)
        {
            yield return header;
            hash = header.ParentHash;
        }
    }

    public void Learn(BlockHeader header)
    {
        Hash256 hash = header.Hash;
        if (_known.TryAdd(hash, header))
        {
            _wanted.Remove(hash);
            RunWaiting();
        }
    }

    public void Build(Build build)
    {
        ulong idle = _network.IsBusy(build.View) ? 0 : _network.Options.Timers.HeartbeatMs;
        WaitFor(() => Find(build.ParentHash) is not null || Want(build.ParentHash), idle, () =>
        {
            if (_network.Chance.PerMille(_network.Options.BuildFailPerMille))
            {
                _node.Tell(new BuildFailed(build.View));
                return;
            }

            BlockHeader header = _network.NewHeader(Find(build.ParentHash)!, build.View, _node.Index);
            Learn(header);
            _node.Tell(new BlockBuilt(build.View, header));
        });
    }

    public void Verify(Proposal proposal)
    {
        Hash256 parent = proposal.Header.ParentHash;
        WaitFor(() => (Find(proposal.BlockHash) is not null || Want(proposal.BlockHash))
            & (Find(parent) is not null || Want(parent)), 0, () =>
        {
            bool fits = Find(parent)!.Height.Next == proposal.Header.Height
                && Find(parent)!.Timestamp < proposal.Header.Timestamp;
            _node.Tell(new BlockVerified(proposal.View, proposal.BlockHash, fits));
        });
    }

    public void Certify(Certify certify)
    {
        WaitFor(() => HasPath(certify.BlockHash), 0, () =>
        {
            BlockHeader header = Find(certify.BlockHash)!;
            bool valid = header.StateRoot != BadRoot && header.EventsRoot != BadRoot
                && header.ReceiptsRoot != BadRoot;
            if (valid && _network.Options.Sabotage != Sabotage.CertifyBeforeDurable)
            {
                MakeDurable(certify.BlockHash);
            }

            _node.Tell(new BlockCertified(certify.View, certify.BlockHash, valid));
        });
    }

    /// <summary>Delivers a final block with all its ancestors, once they are here.</summary>
    public void Finalize(Certificate certificate)
    {
        Hash256 hash = certificate.Subject.BlockHash;
        WaitFor(() => HasPath(hash), 0, () => Deliver(certificate));
    }

    private void Deliver(Certificate certificate)
    {
        BlockHeader last = Find(certificate.Subject.BlockHash)!;
        if (last.Height <= Head.Height)
        {
            _network.Checker.Delivers(last);
            return;
        }

        MakeDurable(certificate.Subject.BlockHash);
        var path = new Stack<BlockHeader>();
        for (BlockHeader at = last; at.Height > Head.Height; at = Find(at.ParentHash)!)
        {
            path.Push(at);
        }

        if (path.Peek().ParentHash != Head.Hash)
        {
            throw _network.Failure("agreement", $"node {_node.Index} would replace {Head.Hash}");
        }

        foreach (BlockHeader header in path)
        {
            _network.Checker.Delivers(header);
        }

        Head = last;
        if (certificate.Subject.Kind == VoteKind.Finalize)
        {
            Floor = certificate;
            _node.Tell(new Synced(certificate));
        }
    }

    private void MakeDurable(Hash256 hash)
    {
        while (_durable.TryAdd(hash, Find(hash)!))
        {
            hash = Find(hash)!.ParentHash;
        }
    }

    /// <summary>
    /// True when the block and every ancestor down to a durable one are here; asks for the first that is not.
    /// </summary>
    private bool HasPath(Hash256 hash)
    {
        while (!_durable.ContainsKey(hash))
        {
            if (Find(hash) is not { } header)
            {
                return Want(hash);
            }

            hash = header.ParentHash;
        }

        return true;
    }

    private void WaitFor(Func<bool> ready, ulong idleMs, Action work)
    {
        _waiting.Add(() =>
        {
            if (!ready())
            {
                return false;
            }

            _node.After(idleMs + _network.Chance.Between(1, _network.Options.ApplicationHighMs), work);
            return true;
        });
        RunWaiting();
    }

    private void RunWaiting()
    {
        _waiting.RemoveAll(job => job());
    }

    /// <summary>Asks peers for a block until it comes. Always false: it is not here.</summary>
    private bool Want(in Hash256 hash)
    {
        _wanted.Add(hash);
        if (!_asking)
        {
            _asking = true;
            _node.After(1, Ask);
        }

        return false;
    }

    private void Ask()
    {
        _asking = _wanted.Count > 0;
        foreach (Hash256 hash in _wanted)
        {
            _node.Send(_network.Chance.Below(_network.Options.Validators), new BlockRequest(hash));
        }

        if (_asking)
        {
            _node.After(40, Ask);
        }
    }
}
