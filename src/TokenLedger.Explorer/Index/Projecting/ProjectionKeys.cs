// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Explorer.Index.Projecting;

/// <summary>The rows that a block's projection looks at, so that a store can read them all at once.</summary>
internal sealed class ProjectionKeys
{
    private const ulong DayMs = 24UL * 3600 * 1000;

    private readonly HashSet<Address> _accounts = [];
    private readonly HashSet<(Address Account, AssetId Asset)> _balances = [];
    private readonly HashSet<AssetId> _assets = [];
    private readonly HashSet<Address> _officers = [];
    private readonly HashSet<ulong> _proposals = [];
    private readonly HashSet<AssetId> _moved = [];
    private readonly HashSet<ulong> _lanes = [];

    private ProjectionKeys(uint day) => Day = day;

    /// <summary>The block's day.</summary>
    public uint Day { get; }

    public IReadOnlyCollection<Address> Accounts => _accounts;

    public IReadOnlyCollection<(Address Account, AssetId Asset)> Balances => _balances;

    public IReadOnlyCollection<AssetId> Assets => _assets;

    public IReadOnlyCollection<Address> Officers => _officers;

    public IReadOnlyCollection<ulong> Proposals => _proposals;

    /// <summary>Assets of which units were created, destroyed or moved: their rows of the day.</summary>
    public IReadOnlyCollection<AssetId> Moved => _moved;

    /// <summary>Chains whose bridges change.</summary>
    public IReadOnlyCollection<ulong> Lanes => _lanes;

    /// <summary>Days since 1970-01-01 at a moment, in UTC.</summary>
    public static uint DayOf(TimestampMs time) => (uint)Math.Min(time.Value / DayMs, uint.MaxValue);

    /// <summary>What a block's events name.</summary>
    public static ProjectionKeys Of(VerifiedBlock block)
    {
        var keys = new ProjectionKeys(DayOf(block.Header.Timestamp));
        foreach (EventRecord record in block.Events)
        {
            keys.Add(record.Event);
        }

        return keys;
    }

    private void Add(LedgerEvent happened)
    {
        switch (happened)
        {
            case UnitsIssued e:
                AddMove(e.Asset, e.To);
                break;
            case UnitsBurned e:
                AddMove(e.Asset, e.From);
                break;
            case Transferred e:
                AddMove(e.Asset, e.From);
                AddMove(e.Asset, e.To);
                break;
            case AccountRegistered e:
                _accounts.Add(e.Account);
                break;
            case AccountFrozen e:
                _accounts.Add(e.Account);
                break;
            case AccountUnfrozen e:
                _accounts.Add(e.Account);
                break;
            case TagRequirementSet e:
                _accounts.Add(e.Account);
                break;
            case AssetCreated e:
                _assets.Add(e.Asset);
                break;
            case DocumentAttached e:
                _assets.Add(e.Asset);
                break;
            case AssetCapSet e:
                _assets.Add(e.Asset);
                break;
            case AssetPaused e:
                _assets.Add(e.Asset);
                break;
            case AssetResumed e:
                _assets.Add(e.Asset);
                break;
            default:
                AddGovernance(happened);
                break;
        }
    }

    private void AddGovernance(LedgerEvent happened)
    {
        switch (happened)
        {
            case OfficerGranted e:
                _officers.Add(e.Officer);
                break;
            case OfficerRevoked e:
                _officers.Add(e.Officer);
                break;
            case ProposalOpened e:
                _proposals.Add(e.ProposalId);
                _officers.Add(e.Maker);
                break;
            case ProposalApproved e:
                _proposals.Add(e.ProposalId);
                _officers.Add(e.Checker);
                break;
            case ProposalScheduled e:
                _proposals.Add(e.ProposalId);
                break;
            case ProposalExecuted e:
                _proposals.Add(e.ProposalId);
                break;
            case ProposalCancelled e:
                _proposals.Add(e.ProposalId);
                break;
            case ProposalFailed e:
                _proposals.Add(e.ProposalId);
                break;
            case BridgeSignersSet e:
                _lanes.Add(e.ChainId);
                break;
            case BridgeStopsSet e:
                _lanes.Add(e.ChainId);
                break;
            default:
                // The bridge's other events are indexed as events; what they move is in transfers beside
                // them.
                break;
        }
    }

    private void AddMove(AssetId asset, Address account)
    {
        _balances.Add((account, asset));
        _assets.Add(asset);
        _moved.Add(asset);
    }
}

/// <summary>The rows of the keys, as they were before the block; a key without a row has none.</summary>
internal sealed record ProjectionState(
    IndexCursor? Cursor,
    IReadOnlyDictionary<Address, AccountRow> Accounts,
    IReadOnlyDictionary<(Address Account, AssetId Asset), Amount> Balances,
    IReadOnlyDictionary<AssetId, AssetRow> Assets,
    IReadOnlyDictionary<Address, OfficerRow> Officers,
    IReadOnlyDictionary<ulong, ProposalRow> Proposals,
    IReadOnlyDictionary<AssetId, DayRow> Days,
    IReadOnlyDictionary<ulong, LaneRow> Lanes);
