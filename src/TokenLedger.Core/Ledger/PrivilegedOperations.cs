// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Ledger;

/// <summary>
/// Kinds of privileged operation; each has its approval policy. Values are part of the format.
/// </summary>
public enum PrivilegedKind : byte
{
    /// <summary><see cref="Ledger.CreateAsset"/>.</summary>
    CreateAsset = 1,

    /// <summary><see cref="Ledger.IssueUnits"/>.</summary>
    IssueUnits = 2,

    /// <summary><see cref="Ledger.BurnUnits"/>.</summary>
    BurnUnits = 3,

    /// <summary><see cref="Ledger.AttachDocument"/>.</summary>
    AttachDocument = 4,

    /// <summary><see cref="Ledger.SetAssetCap"/>.</summary>
    SetAssetCap = 5,

    /// <summary><see cref="Ledger.PauseAsset"/>.</summary>
    PauseAsset = 6,

    /// <summary><see cref="Ledger.ResumeAsset"/>.</summary>
    ResumeAsset = 7,

    /// <summary><see cref="Ledger.FreezeAccount"/>.</summary>
    FreezeAccount = 8,

    /// <summary><see cref="Ledger.UnfreezeAccount"/>.</summary>
    UnfreezeAccount = 9,

    /// <summary><see cref="Ledger.GrantOfficer"/>.</summary>
    GrantOfficer = 10,

    /// <summary><see cref="Ledger.RevokeOfficer"/>.</summary>
    RevokeOfficer = 11,

    /// <summary><see cref="Bridge.OpenBridgeLane"/>.</summary>
    OpenBridgeLane = 12,

    /// <summary><see cref="Bridge.MapBridgeToken"/>.</summary>
    MapBridgeToken = 13,

    /// <summary><see cref="Bridge.PauseBridge"/>.</summary>
    PauseBridge = 14,

    /// <summary><see cref="Bridge.ResumeBridge"/>.</summary>
    ResumeBridge = 15,

    /// <summary><see cref="Bridge.RotateBridgeSigners"/>.</summary>
    RotateBridgeSigners = 16,

    /// <summary><see cref="Bridge.RedirectBridgeRelease"/>.</summary>
    RedirectBridgeRelease = 17,
}

/// <summary>An operation that no single key can do: it stands in a proposal.</summary>
public abstract record PrivilegedOperation
{
    /// <summary>Which policy governs it.</summary>
    public abstract PrivilegedKind Kind { get; }
}

/// <summary>Enters an instrument in the register; its issuer is the maker's institution.</summary>
public sealed record CreateAsset(AssetDefinition Definition) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.CreateAsset;
}

/// <summary>Creates units in a registered account, within the cap.</summary>
public sealed record IssueUnits(AssetId Asset, Address To, Amount Amount) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.IssueUnits;
}

/// <summary>Destroys units that stand in an account of the issuer.</summary>
public sealed record BurnUnits(AssetId Asset, Address From, Amount Amount, string Reason)
    : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.BurnUnits;
}

/// <summary>Attaches a document to an asset; never removed.</summary>
public sealed record AttachDocument(AssetId Asset, AssetDocument Document) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.AttachDocument;
}

/// <summary>Changes the authorised amount; never below what is outstanding.</summary>
public sealed record SetAssetCap(AssetId Asset, Amount Cap) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.SetAssetCap;
}

/// <summary>Stops transfers and issuance of an asset. Burning stays possible.</summary>
public sealed record PauseAsset(AssetId Asset, string Reason) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.PauseAsset;
}

/// <summary>Lifts a pause.</summary>
public sealed record ResumeAsset(AssetId Asset, string Reason) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.ResumeAsset;
}

/// <summary>Freezes an account by order of a court or regulator.</summary>
/// <param name="Account">The account.</param>
/// <param name="Mode">What the order forbids.</param>
/// <param name="LegalReference">The order's reference; never empty.</param>
/// <param name="DocumentHash">SHA-256 of the order.</param>
public sealed record FreezeAccount(
    Address Account, FreezeMode Mode, string LegalReference, Hash256 DocumentHash) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.FreezeAccount;
}

/// <summary>Lifts a freeze.</summary>
public sealed record UnfreezeAccount(Address Account, string LegalReference) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.UnfreezeAccount;
}

/// <summary>Gives a key duties in an institution, or changes the duties of an officer that it has.</summary>
public sealed record GrantOfficer(
    Address Institution, Address Officer, Duties Duties, string Name) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.GrantOfficer;
}

/// <summary>Ends an officer's duties. Approvals given while open proposals wait stop counting.</summary>
public sealed record RevokeOfficer(Address Officer, string Reason) : PrivilegedOperation
{
    /// <inheritdoc/>
    public override PrivilegedKind Kind => PrivilegedKind.RevokeOfficer;
}

/// <summary>What a freeze forbids. Values are part of the format.</summary>
public enum FreezeMode : byte
{
    /// <summary>Nothing: the account is free.</summary>
    None = 0,

    /// <summary>The account cannot send; it still receives.</summary>
    Send = 1,

    /// <summary>The account can neither send nor receive.</summary>
    SendAndReceive = 2,
}

/// <summary>What an officer may do. Values are part of the format.</summary>
[Flags]
public enum Duties : byte
{
    /// <summary>Nothing: the officer was revoked.</summary>
    None = 0,

    /// <summary>Opens proposals.</summary>
    Maker = 1,

    /// <summary>Approves the proposals of others.</summary>
    Checker = 2,

    /// <summary>Enters accounts in the register.</summary>
    Registrar = 4,
}
