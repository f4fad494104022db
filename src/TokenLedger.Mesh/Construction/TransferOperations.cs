// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Mesh.Operations;
using TokenLedger.Mesh.Requests;

namespace TokenLedger.Mesh.Construction;

/// <summary>What a client means by its operations.</summary>
/// <param name="Sender">Who pays all of them.</param>
/// <param name="Transfers">In the order of the operations.</param>
/// <param name="Currencies">The assets in them, each once.</param>
internal sealed record TransferIntent(
    Address Sender, ImmutableArray<Transfer> Transfers, ImmutableArray<Currency> Currencies);

/// <summary>
/// Transfers as operations and back: of each transfer a debit, and right after it the credit that is related
/// to it and has the tags. There is one way to write an intent, so what is parsed is what was meant. Pure.
/// </summary>
internal static class TransferOperations
{
    private const int MaxText = 64;

    /// <summary>What a list of operations means.</summary>
    /// <exception cref="MeshException">OPERATIONS_INVALID, ADDRESS_INVALID or CURRENCY_UNKNOWN.</exception>
    public static TransferIntent Intent(StrictValue value)
    {
        ImmutableArray<Item> items = value.List(2 * Limits.OperationsPerTransaction, Operation);
        if (items.IsEmpty || items.Length % 2 != 0)
        {
            throw Invalid($"{items.Length} operations are not pairs of a debit and its credit.");
        }

        Address sender = items[0].Account;
        var transfers = ImmutableArray.CreateBuilder<Transfer>(items.Length / 2);
        var currencies = new List<Currency>();
        for (int i = 0; i < items.Length; i += 2)
        {
            transfers.Add(Pair(i, items[i], items[i + 1], sender));
            Currency currency = items[i].Currency;
            if (currencies.Find(known => known.Asset == currency.Asset) is var known
                && known != default && known != currency)
            {
                throw Invalid($"{currency.Asset} stands with different decimals.");
            }

            if (known == default)
            {
                currencies.Add(currency);
            }
        }

        return new TransferIntent(sender, transfers.MoveToImmutable(), [.. currencies]);
    }

    /// <summary>The operations that mean a transaction of transfers.</summary>
    /// <exception cref="MeshException">TRANSACTION_INVALID: it does something else.</exception>
    public static ImmutableArray<MeshOperation> Of(Transaction content) =>
    [
        .. content.Operations.SelectMany((operation, i) => operation is Transfer transfer
            ? OperationMapper.OfTransfer(2 * i, content.Sender, transfer)
            : throw new MeshException(
                MeshError.TransactionInvalid, $"Operation {i} of the body is not a transfer.")),
    ];

    private sealed record Item(
        ulong Index, ImmutableArray<ulong> Related, Address Account, bool IsDebit, Amount Amount,
        Currency Currency, ulong Tag, ulong SourceTag);

    private static Item Operation(StrictValue value) => value.Object(static operation =>
    {
        string type = operation.Required("type").Text(MaxText);
        if (type != OperationTypes.Transfer)
        {
            throw Invalid($"{type} is not constructed here, only {OperationTypes.Transfer}.");
        }

        if (operation.TryGet("status", out StrictValue status) && status.Text(MaxText).Length > 0)
        {
            throw Invalid($"{status.Path}: what is meant has no status yet.");
        }

        (ulong tag, ulong source) = operation.Optional(
            "metadata", (0UL, 0UL), static metadata => metadata.Object(static members => (
                members.Optional("tag", 0UL, Fields.Wide),
                members.Optional("source_tag", 0UL, Fields.Wide))));
        (bool isDebit, Amount amount, Currency currency) = operation.Required("amount").Object(Value);
        return new Item(
            Index(operation.Required("operation_identifier")),
            operation.Optional("related_operations", [], static related => related.List(
                2 * Limits.OperationsPerTransaction, Index)),
            Fields.Account(operation.Required("account")),
            isDebit, amount, currency, tag, source);
    });

    private static ulong Index(StrictValue value) =>
        value.Object(static id =>
        {
            // Which of the ledger's own numbers an operation has: the ledger numbers none.
            if (id.TryGet("network_index", out StrictValue number))
            {
                number.Number(0, long.MaxValue);
            }

            return id.Required("index").Number(0, int.MaxValue);
        });

    private static (bool IsDebit, Amount Amount, Currency Currency) Value(StrictObject amount)
    {
        Fields.AnyObject(amount, "metadata");
        StrictValue value = amount.Required("value");
        string text = value.Text(MaxText);
        bool isDebit = text.StartsWith('-');
        return Amount.TryParse(text.AsSpan(isDebit ? 1 : 0), out Amount units) && !units.IsZero
            ? (isDebit, units, Fields.Currency(amount.Required("currency")))
            : throw Invalid($"{value.Path} is not a number of atomic units other than 0, of 128 bits.");
    }

    private static Transfer Pair(int at, Item debit, Item credit, Address sender)
    {
        if (debit.Index != (ulong)at || credit.Index != (ulong)at + 1)
        {
            throw Invalid("Operations are numbered from 0 on.");
        }

        if (!debit.IsDebit || credit.IsDebit)
        {
            throw Invalid($"Operation {at} is a debit, below zero, and the next its credit.");
        }

        if (debit.Account != sender || credit.Account == sender)
        {
            throw Invalid($"Operations {at} and {at + 1}: one sender pays all, and never itself.");
        }

        if (debit.Amount != credit.Amount || debit.Currency != credit.Currency)
        {
            throw Invalid($"Operations {at} and {at + 1} are not the same amount of the same currency.");
        }

        if (!debit.Related.IsEmpty || (!credit.Related.IsEmpty && credit.Related is not [var one])
            || (credit.Related is [var related] && related != (ulong)at))
        {
            throw Invalid($"Operation {at + 1} is related to operation {at}, and nothing else.");
        }

        return debit.Tag == 0 && debit.SourceTag == 0
            ? new Transfer(credit.Currency.Asset, credit.Account, credit.Amount, credit.Tag, credit.SourceTag)
            : throw Invalid($"Tags stand at the credit, operation {at + 1}.");
    }

    private static MeshException Invalid(string detail) => new(MeshError.OperationsInvalid, detail);
}
