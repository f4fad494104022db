// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Explorer.Index.Projecting.Rules;

/// <summary>
/// What the proposals did that a block executes, beyond what events say of it: definitions, documents and
/// officers' names. A payload's events stand before the proposal's own, in the order of its operations.
/// </summary>
internal sealed class ExecutedPayloads
{
    private readonly Height _height;
    private readonly Dictionary<AssetId, AssetDefinition> _definitions = [];
    private readonly Dictionary<(AssetId Asset, Hash256 Hash), AssetDocument> _documents = [];
    private readonly Dictionary<(Address Institution, Address Officer), Queue<GrantOfficer>> _grants = [];
    private readonly Dictionary<ulong, Propose> _opened = [];
    private readonly Dictionary<ulong, (ulong Proposal, OpenBridgeLane Terms)> _lanes = [];

    public ExecutedPayloads(VerifiedBlock block, ProjectionState before, BlockContent content)
    {
        _height = block.Header.Height;
        foreach (EventRecord record in block.Events)
        {
            switch (record.Event)
            {
                case ProposalOpened e when content.NextPropose(record.TransactionIndex) is { } propose:
                    _opened[e.ProposalId] = propose;
                    break;
                case ProposalExecuted e when before.Proposals.TryGetValue(e.ProposalId, out ProposalRow? row):
                    Add(e.ProposalId, row.Payload);
                    break;
                case ProposalExecuted e when _opened.TryGetValue(e.ProposalId, out Propose? propose):
                    Add(e.ProposalId, propose.Payload);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>What a proposal of this block was opened with.</summary>
    public Propose Opened(ulong proposal) => _opened.TryGetValue(proposal, out Propose? propose)
        ? propose
        : throw Missing($"no operation that opened proposal {proposal}");

    public AssetDefinition DefinitionOf(AssetId asset) =>
        _definitions.TryGetValue(asset, out AssetDefinition? definition)
            ? definition
            : throw Missing($"no payload that created {asset}");

    /// <summary>An asset has a document once.</summary>
    public AssetDocument DocumentOf(AssetId asset, Hash256 hash) =>
        _documents.TryGetValue((asset, hash), out AssetDocument? document)
            ? document
            : throw Missing($"no payload that attached {hash} to {asset}");

    /// <summary>An officer may get duties several times: each in its turn.</summary>
    public GrantOfficer NextGrant(Address institution, Address officer) =>
        _grants.TryGetValue((institution, officer), out Queue<GrantOfficer>? left) && left.Count > 0
            ? left.Dequeue()
            : throw Missing($"no payload that gave {officer} duties");

    /// <summary>A chain has a bridge once.</summary>
    public (ulong Proposal, OpenBridgeLane Terms) LaneOf(ulong chain) =>
        _lanes.TryGetValue(chain, out (ulong Proposal, OpenBridgeLane Terms) lane)
            ? lane
            : throw Missing($"no payload that opened a bridge to chain {chain}");

    private void Add(ulong proposal, ImmutableArray<PrivilegedOperation> payload)
    {
        foreach (PrivilegedOperation operation in payload)
        {
            switch (operation)
            {
                case CreateAsset create:
                    _definitions[create.Definition.Id] = create.Definition;
                    break;
                case AttachDocument attach:
                    _documents[(attach.Asset, attach.Document.Hash)] = attach.Document;
                    break;
                case GrantOfficer grant:
                    QueueOf((grant.Institution, grant.Officer)).Enqueue(grant);
                    break;
                case OpenBridgeLane lane:
                    _lanes[lane.ChainId] = (proposal, lane);
                    break;
                default:
                    break;
            }
        }
    }

    private Queue<GrantOfficer> QueueOf((Address Institution, Address Officer) key)
    {
        if (!_grants.TryGetValue(key, out Queue<GrantOfficer>? queue))
        {
            queue = new Queue<GrantOfficer>();
            _grants.Add(key, queue);
        }

        return queue;
    }

    private ProjectionException Missing(string what) => new(_height, $"it has {what}.");
}
