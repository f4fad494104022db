// SPDX-License-Identifier: Apache-2.0
using Npgsql;
using TokenLedger.Core;
using TokenLedger.Explorer.Index.Embedded;

namespace TokenLedger.Explorer.Index.Postgres;

/// <summary>All tables of a generation, and how a batch fills them. generation.sql makes them.</summary>
internal static class BatchTables
{
    private static readonly RowTable<BlockRow> Blocks = new(
        "blocks", "",
        RowTable<BlockRow>.Number("height", static row => row.Height.Value),
        RowTable<BlockRow>.Bytes("hash", static row => row.Hash.ToArray()),
        RowTable<BlockRow>.Number("time_ms", static row => row.Header.Timestamp.Value),
        RowTable<BlockRow>.Number("transactions", static row => row.Transactions),
        RowTable<BlockRow>.Number("events", static row => row.Events),
        RowTable<BlockRow>.Data(RowCodec.Write));

    private static readonly RowTable<TransactionRow> Transactions = new(
        "transactions", "",
        RowTable<TransactionRow>.Number("height", static row => row.Height.Value),
        RowTable<TransactionRow>.Number("seq", static row => row.Index),
        RowTable<TransactionRow>.Bytes("id", static row => row.Receipt.TransactionId.ToArray()),
        RowTable<TransactionRow>.Number("time_ms", static row => row.Time.Value),
        RowTable<TransactionRow>.Bytes("sender", static row => row.Sender.ToArray()),
        RowTable<TransactionRow>.Number("code", static row => (ulong)(row.Receipt.Code ?? 0)),
        RowTable<TransactionRow>.Data(RowCodec.Write));

    private static readonly RowTable<EventRow> Events = new(
        "events", "",
        RowTable<EventRow>.Number("height", static row => row.Height.Value),
        RowTable<EventRow>.Number("seq", static row => row.Index),
        RowTable<EventRow>.Text("kind", static row => row.Kind),
        RowTable<EventRow>.Data(RowCodec.Write));

    private static readonly RowTable<PostingRow> Postings = new(
        "postings", "",
        RowTable<PostingRow>.Bytes("account", static row => row.Account.ToArray()),
        RowTable<PostingRow>.Number("height", static row => row.Place.Height.Value),
        RowTable<PostingRow>.Number("seq", static row => row.Place.Index),
        RowTable<PostingRow>.Number("kind", static row => (ulong)row.Kind),
        RowTable<PostingRow>.Text("asset", static row => row.Asset.ToString()),
        RowTable<PostingRow>.Units("amount", static row => row.Amount),
        RowTable<PostingRow>.Units("balance_after", static row => row.BalanceAfter),
        RowTable<PostingRow>.Bytes("counterparty", static row => row.Counterparty.ToArray()),
        RowTable<PostingRow>.Number("transaction_seq", static row => row.TransactionIndex),
        RowTable<PostingRow>.Number("time_ms", static row => row.Time.Value));

    private static readonly RowTable<BalanceChange> Balances = new(
        "balances", "account, asset",
        RowTable<BalanceChange>.Bytes("account", static row => row.Account.ToArray()),
        RowTable<BalanceChange>.Text("asset", static row => row.Asset.ToString()),
        RowTable<BalanceChange>.Units("amount", static row => row.After));

    private static readonly RowTable<BalanceChange> Held = new(
        "held", "asset, account",
        RowTable<BalanceChange>.Text("asset", static row => row.Asset.ToString()),
        RowTable<BalanceChange>.Bytes("account", static row => row.Account.ToArray()));

    private static readonly RowTable<SupplyRow> Supplies = new(
        "supplies", "",
        RowTable<SupplyRow>.Text("asset", static row => row.Asset.ToString()),
        RowTable<SupplyRow>.Number("height", static row => row.Height.Value),
        RowTable<SupplyRow>.Units("supply", static row => row.Supply),
        RowTable<SupplyRow>.Number("holders", static row => row.Holders));

    private static readonly RowTable<AccountRow> Accounts = new(
        "accounts", "account",
        RowTable<AccountRow>.Bytes("account", static row => row.Account.ToArray()),
        RowTable<AccountRow>.Number("kind", static row => (ulong)row.Kind),
        RowTable<AccountRow>.Bytes("institution", static row => row.Institution.ToArray()),
        RowTable<AccountRow>.Number("freeze_mode", static row => (ulong)row.Freeze),
        RowTable<AccountRow>.Number("registered_at", static row => row.RegisteredAt.Value),
        RowTable<AccountRow>.Data(RowCodec.Write));

    private static readonly RowTable<AssetRow> Assets = new(
        "assets", "asset",
        RowTable<AssetRow>.Text("asset", static row => row.Id.ToString()),
        RowTable<AssetRow>.Units("cap", static row => row.Cap),
        RowTable<AssetRow>.Units("supply", static row => row.Supply),
        RowTable<AssetRow>.Number("holders", static row => row.Holders),
        RowTable<AssetRow>.Number("created_at", static row => row.CreatedAt.Value),
        RowTable<AssetRow>.Data(RowCodec.Write));

    private static readonly RowTable<DocumentRow> Documents = new(
        "documents", "",
        RowTable<DocumentRow>.Text("asset", static row => row.Asset.ToString()),
        RowTable<DocumentRow>.Number("seq", static row => row.Index),
        RowTable<DocumentRow>.Bytes("hash", static row => row.Document.Hash.ToArray()),
        RowTable<DocumentRow>.Data(RowCodec.Write));

    private static readonly RowTable<InstitutionRow> Institutions = new(
        "institutions", "institution",
        RowTable<InstitutionRow>.Bytes("institution", static row => row.Institution.ToArray()),
        RowTable<InstitutionRow>.Number("kind", static row => (ulong)row.Kind),
        RowTable<InstitutionRow>.Data(RowCodec.Write));

    private static readonly RowTable<OfficerRow> Officers = new(
        "officers", "officer",
        RowTable<OfficerRow>.Bytes("officer", static row => row.Officer.ToArray()),
        RowTable<OfficerRow>.Bytes("institution", static row => row.Institution.ToArray()),
        RowTable<OfficerRow>.Number("duties", static row => (ulong)row.Duties),
        RowTable<OfficerRow>.Data(RowCodec.Write));

    private static readonly RowTable<ProposalRow> Proposals = new(
        "proposals", "id",
        RowTable<ProposalRow>.Number("id", static row => row.Id),
        RowTable<ProposalRow>.Bytes("maker", static row => row.Maker.ToArray()),
        RowTable<ProposalRow>.Number("status", static row => (ulong)row.Status),
        RowTable<ProposalRow>.Number("changed_at", static row => row.ChangedAt.Value),
        RowTable<ProposalRow>.Data(RowCodec.Write));

    private static readonly RowTable<ApprovalRow> Approvals = new(
        "approvals", "",
        RowTable<ApprovalRow>.Number("proposal", static row => row.ProposalId),
        RowTable<ApprovalRow>.Number("height", static row => row.Place.Height.Value),
        RowTable<ApprovalRow>.Number("seq", static row => row.Place.Index),
        RowTable<ApprovalRow>.Bytes("officer", static row => row.Officer.ToArray()),
        RowTable<ApprovalRow>.Data(RowCodec.Write));

    private static readonly RowTable<FreezeRow> Freezes = new(
        "freezes", "",
        RowTable<FreezeRow>.Number("height", static row => row.Place.Height.Value),
        RowTable<FreezeRow>.Number("seq", static row => row.Place.Index),
        RowTable<FreezeRow>.Bytes("account", static row => row.Account.ToArray()),
        RowTable<FreezeRow>.Number("mode", static row => (ulong)row.Mode),
        RowTable<FreezeRow>.Data(RowCodec.Write));

    private static readonly RowTable<LaneRow> Lanes = new(
        "lanes", "chain",
        RowTable<LaneRow>.Bytes("chain", static row => IndexFormat.Lane(row.ChainId)),
        RowTable<LaneRow>.Bytes("contract", static row => row.Contract.ToArray()),
        RowTable<LaneRow>.Number("proposal", static row => row.Proposal),
        RowTable<LaneRow>.Number("stops", static row => (ulong)row.Stops),
        RowTable<LaneRow>.Number("changed_at", static row => row.ChangedAt.Value),
        RowTable<LaneRow>.Data(RowCodec.Write));

    private static readonly RowTable<DayRow> Days = new(
        "days", "asset, day",
        RowTable<DayRow>.Text("asset", static row => row.Asset.ToString()),
        RowTable<DayRow>.Number("day", static row => row.Day),
        RowTable<DayRow>.Units("issued", static row => row.Issued),
        RowTable<DayRow>.Units("burned", static row => row.Burned),
        RowTable<DayRow>.Units("transferred", static row => row.Transferred),
        RowTable<DayRow>.Number("transfers", static row => row.Transfers),
        RowTable<DayRow>.Units("supply", static row => row.Supply));

    private static readonly RowTable<SearchTerm> Search = new(
        "search", "term, kind, target",
        RowTable<SearchTerm>.Text("term", static row => row.Text),
        RowTable<SearchTerm>.Number("kind", static row => (ulong)row.Kind),
        RowTable<SearchTerm>.Text("target", static row => row.Target));

    /// <summary>Adds the statements of all of a batch's rows; the cursor's is apart.</summary>
    public static void Write(NpgsqlBatch statements, string schema, IndexBatch batch)
    {
        Blocks.Write(statements, schema, [batch.Block]);
        Transactions.Write(statements, schema, batch.Transactions);
        Events.Write(statements, schema, batch.Events);
        Postings.Write(statements, schema, batch.Postings);
        WriteBalances(statements, schema, batch);
        Supplies.Write(statements, schema, batch.Supplies);
        Accounts.Write(statements, schema, batch.Accounts);
        Assets.Write(statements, schema, batch.Assets);
        Documents.Write(statements, schema, batch.Documents);
        Institutions.Write(statements, schema, batch.Institutions);
        Officers.Write(statements, schema, batch.Officers);
        Proposals.Write(statements, schema, batch.Proposals);
        Approvals.Write(statements, schema, batch.Approvals);
        Freezes.Write(statements, schema, batch.Freezes);
        Lanes.Write(statements, schema, batch.Lanes);
        Days.Write(statements, schema, batch.Days);
        Search.Write(statements, schema, batch.Terms);
    }

    private static void WriteBalances(NpgsqlBatch statements, string schema, IndexBatch batch)
    {
        PastOf(batch.Block.Height).Write(statements, schema, batch.Balances);
        Balances.Write(
            statements, schema, [.. batch.Balances.Where(static change => !change.After.IsZero)]);
        Held.Write(statements, schema, [.. batch.Balances.Where(static change => change.Before.IsZero)]);
        BalanceChange[] gone = [.. batch.Balances.Where(static change => change.After.IsZero)];
        if (gone.Length > 0)
        {
            statements.BatchCommands.Add(new NpgsqlBatchCommand(
                $"DELETE FROM {schema}.balances b USING unnest($1::bytea[], $2::text[]) AS g (account, asset)"
                    + " WHERE b.account = g.account AND b.asset = g.asset")
            {
                Parameters =
                {
                    Sql.Of(gone.Select(static change => change.Account.ToArray())),
                    Sql.Of(gone.Select(static change => change.Asset.ToString())),
                },
            });
        }
    }

    private static RowTable<BalanceChange> PastOf(Height height) => new(
        "past", "",
        RowTable<BalanceChange>.Bytes("account", static row => row.Account.ToArray()),
        RowTable<BalanceChange>.Text("asset", static row => row.Asset.ToString()),
        RowTable<BalanceChange>.Number("height", _ => height.Value),
        RowTable<BalanceChange>.Units("amount", static row => row.After));
}
