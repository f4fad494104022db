// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Wire;

/// <summary>The state's records from domain to wire. Pure and thread-safe.</summary>
public static class StateMapper
{
    /// <summary>An account.</summary>
    public static V1.Account ToWire(in Address address, AccountState account, string institutionName) => new()
    {
        Account_ = Field.Of(address),
        Kind = (V1.AccountKind)account.Kind,
        Institution = Field.OfOptional(account.Institution),
        InstitutionName = institutionName,
        Registrar = Field.OfOptional(account.Registrar),
        Freeze = (V1.FreezeMode)account.Freeze,
        LegalReference = account.LegalReference,
        TagRequired = account.TagRequired,
    };

    /// <summary>An asset.</summary>
    public static V1.Asset ToWire(
        AssetState asset, Amount supply, string issuerName, IEnumerable<AssetDocument> documents)
    {
        var wire = new V1.Asset
        {
            Definition = PrivilegedMapper.ToWire(asset.Definition),
            Cap = asset.Cap.ToString(),
            Supply = supply.ToString(),
            Paused = asset.Paused,
            IssuerName = issuerName,
        };
        wire.Documents.AddRange(documents.Select(PrivilegedMapper.ToWire));
        return wire;
    }

    /// <summary>A balance.</summary>
    public static V1.Balance ToWire(
        in Address account, in AssetId asset, in Amount amount, byte decimals) => new()
        {
            Account = Field.Of(account),
            Asset = asset.ToString(),
            Amount = amount.ToString(),
            Decimals = decimals,
        };

    /// <summary>An institution.</summary>
    public static V1.Institution ToWire(
        in Address id, InstitutionState institution,
        IEnumerable<(Address Address, OfficerState State)> officers)
    {
        var wire = new V1.Institution
        {
            Id = Field.Of(id),
            Kind = (V1.InstitutionKind)institution.Kind,
            Name = institution.Name,
            NameUrdu = institution.NameUrdu,
        };
        wire.Officers.AddRange(officers.Select(officer => new V1.Officer
        {
            Officer_ = Field.Of(officer.Address),
            Duties = (uint)officer.State.Duties,
            Name = officer.State.Name,
        }));
        return wire;
    }

    /// <summary>A policy.</summary>
    public static V1.Policy ToWire(ApprovalPolicy policy)
    {
        var wire = new V1.Policy { Operation = SnakeCase.Of(policy.Kind) };
        wire.Makers.AddRange(Kinds(policy.Makers));
        wire.Checkers.AddRange(Kinds(policy.Checkers));
        wire.Tiers.AddRange(policy.Tiers.Select(tier => Tier(
            tier.UpToMicroUsd, tier.Approvals, tier.Institutions, tier.RequiredKinds, tier.DelayMs)));
        return wire;
    }

    /// <summary>What a proposal needs.</summary>
    /// <param name="value">The value it covers, in millionths of a US dollar.</param>
    /// <param name="approvals">Distinct officers.</param>
    /// <param name="institutions">Distinct institutions.</param>
    /// <param name="requiredKinds">Kinds of institution that must be among them: a mask.</param>
    /// <param name="delayMs">Time-lock, ms.</param>
    public static V1.PolicyTier Tier(
        UInt128 value, int approvals, int institutions, uint requiredKinds, ulong delayMs)
    {
        var wire = new V1.PolicyTier
        {
            UpToMicroUsd = value.ToString(CultureInfo.InvariantCulture),
            Approvals = (uint)approvals,
            Institutions = (uint)institutions,
            DelayMs = delayMs,
        };
        wire.RequiredKinds.AddRange(Kinds(requiredKinds));
        return wire;
    }

    /// <summary>A refusal.</summary>
    public static V1.Refusal ToWire(Rejection rejection) => new()
    {
        Code = rejection.Reason,
        Detail = rejection.Detail,
        Operation = rejection.Operation,
        Retriable = rejection.Retriable,
    };

    private static IEnumerable<V1.InstitutionKind> Kinds(uint mask) => Enum.GetValues<InstitutionKind>()
        .Where(kind => (mask & ApprovalPolicy.Bit(kind)) != 0)
        .Select(kind => (V1.InstitutionKind)kind);
}
