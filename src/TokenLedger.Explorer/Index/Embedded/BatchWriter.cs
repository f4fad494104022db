// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Storage;

namespace TokenLedger.Explorer.Index.Embedded;

/// <summary>Turns a batch of rows into changes of the database. Not thread-safe.</summary>
internal sealed class BatchWriter(IWriteBatch changes)
{
    private readonly CanonicalWriter _writer = new(1024);

    /// <summary>Writes all rows, and the cursor.</summary>
    public void Write(IndexBatch batch)
    {
        WriteBlock(batch);
        foreach (BalanceChange change in batch.Balances)
        {
            WriteBalance(change, batch.Block.Height);
        }

        foreach (SupplyRow row in batch.Supplies)
        {
            Put(IndexFormat.Supplies, IndexFormat.Supply(row.Asset, row.Height), row, RowCodec.Write);
        }

        WriteRegisters(batch);
        WriteGovernance(batch);
        Put(IndexFormat.Meta, IndexFormat.CursorKey, batch.Cursor, RowCodec.Write);
    }

    private void WriteBlock(IndexBatch batch)
    {
        BlockRow block = batch.Block;
        byte[] height = IndexFormat.Block(block.Height);
        Put(IndexFormat.Blocks, height, block, RowCodec.Write);
        changes.Put(IndexFormat.Hashes, block.Hash.ToArray(), height);
        foreach (TransactionRow row in batch.Transactions)
        {
            byte[] place = IndexFormat.Place(new EventPlace(row.Height, row.Index));
            Put(IndexFormat.Transactions, place, row, RowCodec.Write);
            changes.Put(IndexFormat.TransactionIds, row.Receipt.TransactionId.ToArray(), place);
        }

        foreach (EventRow row in batch.Events)
        {
            Put(
                IndexFormat.Events, IndexFormat.Place(new EventPlace(row.Height, row.Index)), row,
                RowCodec.Write);
            if (row.IsOfBridge)
            {
                changes.Put(
                    IndexFormat.Bridge, IndexFormat.Place(new EventPlace(row.Height, row.Index)), []);
            }
        }

        foreach (PostingRow row in batch.Postings)
        {
            Put(
                IndexFormat.Postings, IndexFormat.Posting(row.Account, row.Place, row.Kind), row,
                RowCodec.Write);
        }
    }

    private void WriteBalance(BalanceChange change, Height height)
    {
        byte[] key = IndexFormat.Balance(change.Account, change.Asset);
        Put(
            IndexFormat.Past, IndexFormat.PastBalance(change.Account, change.Asset, height), change.After,
            StateCodec.WriteAmount);
        if (change.Before.IsZero)
        {
            changes.Put(IndexFormat.HeldEver, IndexFormat.Held(change.Asset, change.Account), []);
        }
        else
        {
            changes.Delete(
                IndexFormat.Holders, IndexFormat.Holder(change.Asset, change.Before, change.Account));
        }

        if (change.After.IsZero)
        {
            changes.Delete(IndexFormat.Balances, key);
            return;
        }

        Put(IndexFormat.Balances, key, change.After, StateCodec.WriteAmount);
        changes.Put(
            IndexFormat.Holders, IndexFormat.Holder(change.Asset, change.After, change.Account), []);
    }

    private void WriteRegisters(IndexBatch batch)
    {
        foreach (AccountRow row in batch.Accounts)
        {
            byte[] key = row.Account.ToArray();
            Put(IndexFormat.Accounts, key, row, RowCodec.Write);
            if (row.Freeze == FreezeMode.None)
            {
                changes.Delete(IndexFormat.Frozen, key);
            }
            else
            {
                changes.Put(IndexFormat.Frozen, key, []);
            }
        }

        foreach (AssetRow row in batch.Assets)
        {
            Put(IndexFormat.Assets, IndexFormat.Asset(row.Id), row, RowCodec.Write);
        }

        foreach (DocumentRow row in batch.Documents)
        {
            Put(
                IndexFormat.Documents, IndexFormat.Document(row.Asset, row.Index), row, RowCodec.Write);
        }

        foreach (DayRow row in batch.Days)
        {
            Put(IndexFormat.Days, IndexFormat.Day(row.Asset, row.Day), row, RowCodec.Write);
        }

        foreach (FreezeRow row in batch.Freezes)
        {
            Put(IndexFormat.Freezes, IndexFormat.Freeze(row.Place), row, RowCodec.Write);
        }
    }

    private void WriteGovernance(IndexBatch batch)
    {
        foreach (InstitutionRow row in batch.Institutions)
        {
            Put(IndexFormat.Institutions, row.Institution.ToArray(), row, RowCodec.Write);
        }

        foreach (OfficerRow row in batch.Officers)
        {
            Put(IndexFormat.Officers, row.Officer.ToArray(), row, RowCodec.Write);
            changes.Put(IndexFormat.Members, IndexFormat.Member(row.Institution, row.Officer), []);
        }

        foreach (ProposalRow row in batch.Proposals)
        {
            Put(IndexFormat.Proposals, IndexFormat.Proposal(row.Id), row, RowCodec.Write);
        }

        foreach (ApprovalRow row in batch.Approvals)
        {
            Put(
                IndexFormat.Approvals, IndexFormat.Approval(row.ProposalId, row.Place), row,
                RowCodec.Write);
        }

        foreach (LaneRow row in batch.Lanes)
        {
            Put(IndexFormat.Lanes, IndexFormat.Lane(row.ChainId), row, RowCodec.Write);
        }

        foreach (SearchTerm term in batch.Terms)
        {
            changes.Put(IndexFormat.Search, IndexFormat.Term(term), []);
        }
    }

    private void Put<T>(Family family, byte[] key, T row, Action<CanonicalWriter, T> write)
    {
        _writer.Clear();
        write(_writer, row);
        changes.Put(family, key, _writer.Written);
    }
}
