// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Ledger;

namespace TokenLedger.Core.Bridge;

/// <summary>A lane was opened, or its set of signers changed for good.</summary>
public sealed record BridgeSignersSet(ulong ChainId, ulong Epoch, int Signers) : LedgerEvent;

/// <summary>An asset was joined to its token abroad, or its quota changed.</summary>
public sealed record BridgeTokenMapped(ulong ChainId, AssetId Asset, Address Token) : LedgerEvent;

/// <summary>Units were locked; the movement itself is an event of its own.</summary>
public sealed record BridgeLocked(
    ulong ChainId, ulong Nonce, AssetId Asset, Address From, Amount Amount, Address Recipient) : LedgerEvent;

/// <summary>A message waits for signatures.</summary>
public sealed record BridgeMessageOpened(ulong ChainId, ulong MessageId, BridgeMessageKind Kind)
    : LedgerEvent;

/// <summary>A lock came to its end.</summary>
/// <param name="ChainId">The lane.</param>
/// <param name="Nonce">The lock.</param>
/// <param name="Status">Minted or refunded.</param>
/// <param name="Place">Where abroad; all zero for a refund.</param>
public sealed record BridgeLockClosed(
    ulong ChainId, ulong Nonce, BridgeLockStatus Status, BridgePlace Place) : LedgerEvent;

/// <summary>Units burned abroad were released.</summary>
public sealed record BridgeReleased(
    ulong ChainId, ulong BurnNonce, AssetId Asset, Address To, ulong Tag, Amount Amount) : LedgerEvent;

/// <summary>Units burned abroad cannot be released now.</summary>
public sealed record BridgeSuspended(ulong ChainId, ulong BurnNonce, RejectionCode Code) : LedgerEvent;

/// <summary>What of a lane stands still changed.</summary>
/// <param name="ChainId">The lane.</param>
/// <param name="Stops">What stands still now.</param>
/// <param name="Reason">Why.</param>
public sealed record BridgeStopsSet(ulong ChainId, BridgeStops Stops, string Reason) : LedgerEvent;

/// <summary>n − f signers agreed on how much of a token is abroad.</summary>
public sealed record BridgeSupplyAgreed(
    ulong ChainId, AssetId Asset, Amount Supply, ulong Burns, BridgePlace Place) : LedgerEvent;
