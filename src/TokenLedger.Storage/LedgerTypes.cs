// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Storage;

/// <summary>The newest committed block.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Hash">Its hash.</param>
public sealed record ChainHead(BlockHeader Header, Hash256 Hash)
{
    /// <summary>Its height.</summary>
    public Height Height => Header.Height;

    /// <summary>Its view.</summary>
    public View View => Header.View;
}

/// <summary>What is stored of a height, as it is stored: nothing is decoded. Empty where nothing
/// is.</summary>
/// <param name="Header">Canonical header.</param>
/// <param name="Block">Canonical block.</param>
/// <param name="Receipts">Count and canonical receipts.</param>
/// <param name="Events">Count and canonical events.</param>
/// <param name="Certificate">Canonical finalization of this very height.</param>
public sealed record StoredBlock(
    byte[] Header, byte[] Block, byte[] Receipts, byte[] Events, byte[] Certificate);

/// <summary>Where a transaction stands.</summary>
/// <param name="Height">The block.</param>
/// <param name="Index">Its index in the block, from 0.</param>
public readonly record struct TransactionLocation(Height Height, uint Index);

/// <summary>A finalization certificate and the height of the block that it names.</summary>
/// <param name="Height">The height. It finalizes all lower blocks too: their headers are linked by parent
/// hash.</param>
/// <param name="Certificate">The certificate, as stored: not verified again.</param>
public sealed record HeightCertificate(Height Height, Certificate Certificate);

/// <summary>Something that concerned an account.</summary>
/// <param name="Height">The block.</param>
/// <param name="EventIndex">The event's index in the block.</param>
/// <param name="TransactionIndex">The transaction's index in the block, or
/// <see cref="Core.Ledger.EventRecord.Housekeeping"/>.</param>
public readonly record struct HistoryRow(Height Height, uint EventIndex, uint TransactionIndex);

/// <summary>What a block did to an account's units of an asset.</summary>
/// <param name="Height">The block.</param>
/// <param name="EventIndex">The index in the block of the last event that changed them.</param>
/// <param name="Before">Atomic units before the block.</param>
/// <param name="After">Atomic units after it.</param>
public readonly record struct BalanceStep(Height Height, uint EventIndex, Amount Before, Amount After);

/// <summary>A row of the index of balances.</summary>
internal readonly record struct BalanceRow(AssetId Asset, BalanceStep Change);
