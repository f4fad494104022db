// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>A transaction: who asked for what, and what happened.</summary>
internal sealed class TransactionPage(Site site) : ExplorerPage(site)
{
    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        string name = request.Path("id");
        Hash256 id = Hash256.TryParse(name, out Hash256 parsed)
            ? parsed
            : throw Problems.BadInput(name, Language);
        TransactionRow row = await request.View.FindTransactionAsync(id, cancellationToken)
            .ConfigureAwait(false) ?? throw Problems.Unknown(Phrases.Transaction, name, Language);
        request.RequireThen(Phrases.Transaction, Wording.Short(name), row.Height);
        Transaction? content = TransactionData.Decode(row);

        // What one transaction can cause fits no page's limit always; the block has the rest.
        int count = (int)Math.Min(row.Receipt.EventCount, Limits.PageRows);
        IReadOnlyList<EventRow> events = count == 0
            ? []
            : await request.View.EventsAsync(
                new EventPlace(row.Height, row.Receipt.FirstEvent), count, cancellationToken)
                .ConfigureAwait(false);
        IReadOnlyList<Markup> happened = await EventList
            .SentencesAsync(request, events, cancellationToken).ConfigureAwait(false);
        Sheet sheet = await request.Say.Names.WriteAsync(
            () => SheetOf(request.Say, row, content, happened), cancellationToken).ConfigureAwait(false);
        return new PageAnswer(sheet, new { Transaction = TransactionData.Of(row), Events = events })
        {
            Pinning = Pinning.Whole,
            IsLive = false,
        };
    }

    private static Sheet SheetOf(
        Wording say, TransactionRow row, Transaction? content, IReadOnlyList<Markup> happened)
    {
        var sentence = new OperationSentence(say);
        Texts texts = say.Texts;
        string id = row.Receipt.TransactionId.ToString();
        return new Sheet(texts.Plain(Phrases.TransactionTitle, ("id", Wording.Short(id))))
        {
            Lead = Lead(say, row),
            Facts = Facts(say, row, content),
            Sections =
            [
                new Section(Phrases.Operations)
                {
                    Items = content is null ? [] : [.. content.Operations.Select(sentence.Of)],
                    Notes = content is null ? [Markup.Text(texts[Phrases.Unreadable])] : [],
                },
                new Section(Phrases.Effects)
                {
                    Items = happened,
                    Notes = happened.Count == 0 ? [Markup.Text(texts[Phrases.NothingYet])] : [],
                },
            ],
            ShowsJson = true,
        };
    }

    private static IReadOnlyList<Markup> Lead(Wording say, TransactionRow row)
    {
        Markup lead = say.Say(
            Phrases.TransactionLead, ("sender", say.Account(row.Sender)), ("height", say.Block(row.Height)),
            ("time", say.Time(row.Time)));
        if (row.Receipt.Code is not { } code)
        {
            return [lead];
        }

        Markup name = Markup.Value(RejectionCodes.Name(code));
        return
        [
            lead,
            row.Receipt.FailedOperation < 0
                ? say.Say(Phrases.TransactionFailed, ("code", name))
                : say.Say(
                    Phrases.TransactionFailedAt, ("code", name),
                    ("number", say.Count((ulong)row.Receipt.FailedOperation + 1))),
        ];
    }

    private static List<Fact> Facts(Wording say, TransactionRow row, Transaction? content)
    {
        var facts = new List<Fact>
        {
            Fact.Of(Phrases.TransactionId, Wording.Whole(row.Receipt.TransactionId.ToString())),
            Fact.Of(Phrases.Sender, Wording.Whole(CsvCells.Of(row.Sender))),
            Fact.Of(Phrases.PlaceInBlock, say.Count(row.Index)),
            Fact.Of(Phrases.Result, TransactionList.Result(say, row.Receipt)),
        };
        if (content is not null)
        {
            facts.Add(Fact.Of(Phrases.Lane, say.Count(content.Lane)));
            facts.Add(Fact.Of(Phrases.Nonce, say.Count(content.Nonce)));
            facts.Add(Fact.Of(Phrases.ValidUntil, say.Time(content.ValidUntil)));
            if (content.RequestId is { } requestId)
            {
                facts.Add(Fact.Of(Phrases.Request, Wording.Whole(requestId.ToString())));
            }

            if (content.Memo.Length > 0)
            {
                facts.Add(Fact.Of(Phrases.Memo, Wording.Quote(content.Memo)));
            }
        }

        return facts;
    }
}
