// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution.Assets;
using TokenLedger.Execution.Bridge;

namespace TokenLedger.Execution;

/// <summary>What can be said of an operation without a state.</summary>
internal static class OperationShape
{
    private const Duties AllDuties = Duties.Maker | Duties.Checker | Duties.Registrar;

    public static Rejection? Check(Operation operation) => operation switch
    {
        Transfer o => Asset(o.Asset) ?? Party("The receiver", o.To) ?? Above0(o.Amount),
        RegisterAccount o => Register(o),
        RequireTag o => Party("The account", o.Account),
        Propose o => Proposal(o),
        ApproveProposal => null,
        CancelProposal o => TextRules.Check("The reason", o.Reason, Limits.ReferenceBytes),
        _ => BridgeShape.Check(operation),
    };

    public static Rejection? Check(PrivilegedOperation operation) => operation switch
    {
        CreateAsset o => DefinitionRules.Check(o.Definition),
        IssueUnits o => Asset(o.Asset) ?? Party("The receiver", o.To) ?? Above0(o.Amount),
        BurnUnits o => Asset(o.Asset) ?? Party("The account", o.From) ?? Above0(o.Amount) ?? Reason(o.Reason),
        AttachDocument o => Asset(o.Asset) ?? DefinitionRules.CheckDocument(o.Asset, o.Document),
        SetAssetCap o => Asset(o.Asset) ?? Above0(o.Cap),
        PauseAsset o => Asset(o.Asset) ?? Reason(o.Reason),
        ResumeAsset o => Asset(o.Asset) ?? Reason(o.Reason),
        FreezeAccount o => Freeze(o),
        UnfreezeAccount o => Party("The account", o.Account) ?? LegalReference(o.LegalReference),
        GrantOfficer o => Grant(o),
        RevokeOfficer o => Party("The officer", o.Officer) ?? Reason(o.Reason),
        _ => BridgeShape.Check(operation),
    };

    private static Rejection? Register(RegisterAccount operation)
    {
        if (Party("The account", operation.Account) is { } party)
        {
            return party;
        }

        if (!Enum.IsDefined(operation.Kind))
        {
            return Invalid($"{operation.Kind} is no kind of account.");
        }

        if (operation.Kind is AccountKind.BridgeEscrow or AccountKind.BridgeSigner)
        {
            return Invalid("An account of the bridge comes with its lane.");
        }

        return operation.Kind == AccountKind.Citizen == operation.Institution.IsZero
            ? null
            : Invalid("A citizen's account belongs to no institution, and every other belongs to one.");
    }

    private static Rejection? Proposal(Propose operation)
    {
        if (operation.Payload.IsDefaultOrEmpty)
        {
            return Invalid("The proposal has no operation.");
        }

        if (operation.Payload.Length > Limits.OperationsPerProposal)
        {
            return new Rejection(
                RejectionCode.TooLarge,
                $"The proposal has {operation.Payload.Length} operations; the limit is "
                + $"{Limits.OperationsPerProposal}.");
        }

        if (TextRules.Check("The reason", operation.Reason, Limits.ReferenceBytes) is { } reason)
        {
            return reason;
        }

        for (int i = 0; i < operation.Payload.Length; i++)
        {
            if (Check(operation.Payload[i]) is { } rejection)
            {
                return rejection with { Detail = $"Payload operation {i}: {rejection.Detail}" };
            }
        }

        return null;
    }

    private static Rejection? Freeze(FreezeAccount operation)
    {
        if (Party("The account", operation.Account) is { } party)
        {
            return party;
        }

        return operation.Mode is FreezeMode.Send or FreezeMode.SendAndReceive
            ? LegalReference(operation.LegalReference)
            : Invalid($"A freeze forbids sending, or sending and receiving; {operation.Mode} is neither.");
    }

    private static Rejection? Grant(GrantOfficer operation)
    {
        if ((Party("The institution", operation.Institution)
            ?? Party("The officer", operation.Officer)) is { } party)
        {
            return party;
        }

        return operation.Duties != Duties.None && (operation.Duties & ~AllDuties) == 0
            ? TextRules.CheckName("The officer's name", operation.Name, Limits.NameBytes)
            : Invalid($"{operation.Duties} are no duties to grant.");
    }

    internal static Rejection? Asset(AssetId asset) =>
        asset == default ? Invalid("The asset has no symbol.") : null;

    internal static Rejection? Party(string who, Address address) =>
        address.IsZero ? Invalid($"{who} is the zero address.") : null;

    internal static Rejection? Above0(Amount amount) =>
        amount.IsZero
            ? new Rejection(RejectionCode.AmountZero, "The amount is 0; it must be above zero.")
            : null;

    internal static Rejection? Reason(string reason) =>
        TextRules.Check("The reason", reason, Limits.ReferenceBytes);

    private static Rejection? LegalReference(string reference) =>
        TextRules.Check("The legal reference", reference, Limits.ReferenceBytes)
        ?? (string.IsNullOrWhiteSpace(reference)
            ? new Rejection(
                RejectionCode.LegalReferenceRequired, "A freeze or unfreeze names the order that demands it.")
            : null);

    internal static Rejection Invalid(string detail) => new(RejectionCode.InvalidField, detail);
}
