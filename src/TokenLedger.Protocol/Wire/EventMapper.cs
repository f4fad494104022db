// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Wire;

/// <summary>Events from domain to wire. Pure and thread-safe.</summary>
public static class EventMapper
{
    /// <summary>The wire form of an event.</summary>
    /// <param name="ledgerEvent">What happened.</param>
    /// <param name="height">The block.</param>
    /// <param name="time">The block's time.</param>
    /// <param name="index">The event's index in the block.</param>
    /// <param name="transactionId">What caused it; null for a block's own work.</param>
    public static V1.Event ToWire(
        LedgerEvent ledgerEvent, Height height, TimestampMs time, uint index, Hash256? transactionId)
    {
        var wire = new V1.Event
        {
            Height = height.Value,
            TimeMs = time.Value,
            Index = index,
            TransactionId = Field.OfOptional(transactionId ?? Hash256.Zero),
        };
        if (!SetUnits(wire, ledgerEvent)
            && !SetRegister(wire, ledgerEvent)
            && !SetGovernance(wire, ledgerEvent)
            && !BridgeEventMapper.Set(wire, ledgerEvent))
        {
            Invariant.Broken($"{ledgerEvent.GetType().Name} has no wire form");
        }

        return wire;
    }

    private static bool SetUnits(V1.Event wire, LedgerEvent ledgerEvent)
    {
        switch (ledgerEvent)
        {
            case UnitsIssued e:
                wire.UnitsIssued = new()
                {
                    Asset = e.Asset.ToString(),
                    To = Field.Of(e.To),
                    Amount = e.Amount.ToString(),
                    BalanceAfter = e.BalanceAfter.ToString(),
                    SupplyAfter = e.SupplyAfter.ToString(),
                };
                return true;
            case UnitsBurned e:
                wire.UnitsBurned = new()
                {
                    Asset = e.Asset.ToString(),
                    From = Field.Of(e.From),
                    Amount = e.Amount.ToString(),
                    BalanceAfter = e.BalanceAfter.ToString(),
                    SupplyAfter = e.SupplyAfter.ToString(),
                };
                return true;
            case Transferred e:
                wire.Transferred = new()
                {
                    Asset = e.Asset.ToString(),
                    From = Field.Of(e.From),
                    To = Field.Of(e.To),
                    Amount = e.Amount.ToString(),
                    FromAfter = e.FromAfter.ToString(),
                    ToAfter = e.ToAfter.ToString(),
                    Tag = e.Tag,
                    SourceTag = e.SourceTag,
                };
                return true;
            default:
                return false;
        }
    }

    private static bool SetRegister(V1.Event wire, LedgerEvent ledgerEvent)
    {
        switch (ledgerEvent)
        {
            case AccountRegistered e:
                wire.AccountRegistered = new()
                {
                    Account = Field.Of(e.Account),
                    Kind = (V1.AccountKind)e.Kind,
                    Institution = Field.OfOptional(e.Institution),
                    Registrar = Field.Of(e.Registrar),
                };
                return true;
            case AccountFrozen e:
                wire.AccountFrozen = new()
                {
                    Account = Field.Of(e.Account),
                    Mode = (V1.FreezeMode)e.Mode,
                    LegalReference = e.LegalReference,
                    DocumentHash = Field.OfOptional(e.DocumentHash),
                };
                return true;
            case AccountUnfrozen e:
                wire.AccountUnfrozen =
                    new() { Account = Field.Of(e.Account), LegalReference = e.LegalReference };
                return true;
            case TagRequirementSet e:
                wire.TagRequirementSet = new()
                {
                    Account = Field.Of(e.Account),
                    Required = e.Required,
                    By = Field.Of(e.By),
                };
                return true;
            case AssetCreated e:
                wire.AssetCreated = new()
                {
                    Asset = e.Asset.ToString(),
                    AssetClass = (V1.AssetClass)e.Class,
                    Cap = e.Cap.ToString(),
                    Issuer = Field.Of(e.Issuer),
                };
                return true;
            case DocumentAttached e:
                wire.DocumentAttached = new()
                {
                    Asset = e.Asset.ToString(),
                    DocumentHash = Field.Of(e.DocumentHash),
                };
                return true;
            case AssetCapSet e:
                wire.AssetCapSet = new() { Asset = e.Asset.ToString(), Cap = e.Cap.ToString() };
                return true;
            case AssetPaused e:
                wire.AssetPaused = new() { Asset = e.Asset.ToString(), Reason = e.Reason };
                return true;
            case AssetResumed e:
                wire.AssetResumed = new() { Asset = e.Asset.ToString(), Reason = e.Reason };
                return true;
            default:
                return false;
        }
    }

    private static bool SetGovernance(V1.Event wire, LedgerEvent ledgerEvent)
    {
        switch (ledgerEvent)
        {
            case OfficerGranted e:
                wire.OfficerGranted = new()
                {
                    Institution = Field.Of(e.Institution),
                    Officer = Field.Of(e.Officer),
                    Duties = (uint)e.Duties,
                };
                return true;
            case OfficerRevoked e:
                wire.OfficerRevoked =
                    new() { Institution = Field.Of(e.Institution), Officer = Field.Of(e.Officer) };
                return true;
            case ProposalOpened e:
                wire.ProposalOpened = new()
                {
                    ProposalId = e.ProposalId,
                    Maker = Field.Of(e.Maker),
                    PayloadHash = Field.Of(e.PayloadHash),
                };
                return true;
            case ProposalApproved e:
                wire.ProposalApproved = new() { ProposalId = e.ProposalId, Checker = Field.Of(e.Checker) };
                return true;
            case ProposalScheduled e:
                wire.ProposalScheduled = new() { ProposalId = e.ProposalId, ExecuteAtMs = e.ExecuteAt.Value };
                return true;
            case ProposalExecuted e:
                wire.ProposalExecuted = new() { ProposalId = e.ProposalId };
                return true;
            case ProposalCancelled e:
                wire.ProposalCancelled = new()
                {
                    ProposalId = e.ProposalId,
                    By = Field.Of(e.By),
                    Reason = e.Reason,
                };
                return true;
            case ProposalFailed e:
                wire.ProposalFailed = new() { ProposalId = e.ProposalId, Code = RejectionCodes.Name(e.Code) };
                return true;
            default:
                return false;
        }
    }
}
