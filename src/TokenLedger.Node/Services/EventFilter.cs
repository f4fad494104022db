// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Ledger.V1;
using AccountFrozenEvent = TokenLedger.Core.Ledger.AccountFrozen;
using AccountRegisteredEvent = TokenLedger.Core.Ledger.AccountRegistered;
using AccountUnfrozenEvent = TokenLedger.Core.Ledger.AccountUnfrozen;
using BridgeLockedEvent = TokenLedger.Core.Bridge.BridgeLocked;
using BridgeReleasedEvent = TokenLedger.Core.Bridge.BridgeReleased;
using TagRequirementSetEvent = TokenLedger.Core.Ledger.TagRequirementSet;
using TransferredEvent = TokenLedger.Core.Ledger.Transferred;
using UnitsBurnedEvent = TokenLedger.Core.Ledger.UnitsBurned;
using UnitsIssuedEvent = TokenLedger.Core.Ledger.UnitsIssued;

namespace TokenLedger.Node.Services;

/// <summary>Which events a subscriber asked for. Immutable.</summary>
internal sealed class EventFilter
{
    private static readonly OneofDescriptor Kind = Event.Descriptor.Oneofs
        .Single(oneof => oneof.Name == "kind");

    private readonly FrozenSet<Address> _accounts;
    private readonly FrozenSet<string> _types;

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: it names too much, or what there is
    /// not.</exception>
    public EventFilter(SubscribeRequest request)
    {
        if (request.Accounts.Count > Limits.PageRows || request.Types_.Count > Limits.PageRows)
        {
            throw RequestFields.Invalid($"A filter names at most {Limits.PageRows} accounts or types.");
        }

        _accounts = request.Accounts
            .Select(bytes => RequestFields.Address(bytes, "accounts"))
            .ToFrozenSet();
        _types = request.Types_.ToFrozenSet(StringComparer.Ordinal);
        string? unknown = _types.FirstOrDefault(type => Kind.Fields.All(field => field.Name != type));
        if (unknown is not null)
        {
            throw RequestFields.Invalid($"'{unknown}' is no type of event.");
        }
    }

    /// <summary>The accounts that it names, each once; none for all events.</summary>
    public ImmutableArray<Address> Accounts => _accounts.Items;

    /// <summary>
    /// Whether an event concerns one of the accounts: those in whose history the ledger keeps it.
    /// </summary>
    public bool Passes(LedgerEvent happened) => _accounts.Count == 0 || happened switch
    {
        UnitsIssuedEvent e => _accounts.Contains(e.To),
        UnitsBurnedEvent e => _accounts.Contains(e.From),
        TransferredEvent e => _accounts.Contains(e.From) || _accounts.Contains(e.To),
        AccountRegisteredEvent e => _accounts.Contains(e.Account),
        AccountFrozenEvent e => _accounts.Contains(e.Account),
        AccountUnfrozenEvent e => _accounts.Contains(e.Account),
        TagRequirementSetEvent e => _accounts.Contains(e.Account),
        BridgeLockedEvent e => _accounts.Contains(e.From),
        BridgeReleasedEvent e => _accounts.Contains(e.To),
        _ => false,
    };

    /// <summary>Whether an event is of one of the types.</summary>
    public bool PassesType(Event wire) =>
        _types.Count == 0 || _types.Contains(Kind.Accessor.GetCaseFieldDescriptor(wire).Name);
}
