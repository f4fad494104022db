// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Explorer.Export;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Language;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>A block, by its height or its hash: header, signatures, transactions, events.</summary>
internal sealed class BlockPage(Site site) : ExplorerPage(site)
{
    // A block with more has its JSON behind the link only: it would be most of the page.
    private const int RawRows = 20;

    /// <inheritdoc/>
    protected override async Task<PageAnswer> LoadAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        IIndexView view = request.View;
        string name = request.Path("block");
        if (Hash256.TryParse(name, out Hash256 hash))
        {
            Height found = await view.FindHeightAsync(hash, cancellationToken).ConfigureAwait(false)
                ?? throw Problems.Unknown(Phrases.Block, name, Language);
            return new PageAnswer(new Sheet(""), new { })
            {
                RedirectTo = SitePaths.Block(found.Value, Language),
            };
        }

        var height = new Height(request.WholeInPath("block"));
        BlockRow block = await view.FindBlockAsync(height, cancellationToken).ConfigureAwait(false)
            ?? throw Problems.NotYet(height, view.Cursor.Height, Language);
        request.RequireThen(Phrases.Block, name, height);
        uint firstTransaction = (uint)Math.Min(uint.MaxValue, request.WholeInQuery("transactions") ?? 0);
        uint firstEvent = (uint)Math.Min(uint.MaxValue, request.WholeInQuery("events") ?? 0);
        IReadOnlyList<TransactionRow> transactions = await view.TransactionsAsync(
            new EventPlace(height, firstTransaction), Listing.PageRowsAndOne, cancellationToken)
            .ConfigureAwait(false);
        IReadOnlyList<EventRow> events = await view.EventsAsync(
            new EventPlace(height, firstEvent), Listing.PageRowsAndOne, cancellationToken)
            .ConfigureAwait(false);
        IReadOnlyList<Markup> sentences = await EventList
            .SentencesAsync(request, events.Shown(), cancellationToken).ConfigureAwait(false);
        SheetTable table = await TransactionList
            .TableAsync(request, transactions.Shown(), cancellationToken).ConfigureAwait(false);
        return new PageAnswer(
            new Sheet(request.Texts.Plain(Phrases.BlockTitle, ("height", CsvCells.Of(height.Value))))
            {
                Lead = Lead(request.Say, block),
                Facts = Facts(request.Say, block, request.Until),
                Sections =
                [
                    new Section(Phrases.Transactions)
                    {
                        Table = table,
                        NextQuery = transactions.LastBeforeMore() is { } lastTransaction
                            ? request.QueryWith("transactions", CsvCells.Of(lastTransaction.Index + 1UL))
                            : null,
                    },
                    new Section(Phrases.Events)
                    {
                        Items = sentences,
                        Notes = sentences.Count == 0 ? [Markup.Text(request.Texts[Phrases.NothingYet])] : [],
                        NextQuery = events.LastBeforeMore() is { } lastEvent
                            ? request.QueryWith("events", CsvCells.Of(lastEvent.Index + 1UL))
                            : null,
                    },
                ],
                ShowsJson = transactions.Count + events.Count <= RawRows,
            },
            new
            {
                block.Hash,
                block.Header,
                block.Certificate,
                Transactions = transactions.Shown().Select(TransactionData.Of),
                Events = events.Shown(),
            })
        {
            Pinning = Pinning.Whole,
            IsLive = false,
        };
    }

    private static IReadOnlyList<Markup> Lead(Wording say, BlockRow block) =>
    [
        say.Say(
            Phrases.BlockLead, ("height", say.Count(block.Height.Value)),
            ("time", say.Time(block.Header.Timestamp)), ("transactions", say.Count(block.Transactions)),
            ("events", say.Count(block.Events))),
        block.Height.Value == 0 ? Markup.Text(say.Texts[Phrases.BlockGenesis])
            : block.Certificate is { } certificate
                ? say.Say(Phrases.BlockSigned, ("count", say.Count((ulong)certificate.Count)))
                : Markup.Text(say.Texts[Phrases.BlockCovered]),
    ];

    private static List<Fact> Facts(Wording say, BlockRow block, Height newest)
    {
        BlockHeader header = block.Header;
        var facts = new List<Fact>
        {
            Fact.Of(Phrases.Hash, Wording.Whole(block.Hash.ToString())),
        };
        if (block.Height.Value > 0)
        {
            facts.Add(Fact.Of(Phrases.PreviousBlock, say.Block(new Height(block.Height.Value - 1))));
        }

        if (block.Height < newest)
        {
            facts.Add(Fact.Of(Phrases.NextBlock, say.Block(block.Height.Next)));
        }

        facts.AddRange(
        [
            Fact.Of(Phrases.Proposer, Wording.Whole(header.Proposer.ToString())),
            Fact.Of(Phrases.ConsensusView, say.Count(header.View.Value)),
            Fact.Of(Phrases.Epoch, say.Count(header.Epoch.Value)),
            Fact.Of(Phrases.StateRoot, Wording.Whole(header.StateRoot.ToString())),
            Fact.Of(Phrases.TransactionsRoot, Wording.Whole(header.TransactionsRoot.ToString())),
            Fact.Of(Phrases.ReceiptsRoot, Wording.Whole(header.ReceiptsRoot.ToString())),
            Fact.Of(Phrases.EventsRoot, Wording.Whole(header.EventsRoot.ToString())),
            Fact.Of(Phrases.HistoryRoot, Wording.Whole(header.HistoryRoot.ToString())),
            Fact.Of(Phrases.ValidatorSet, Wording.Whole(header.ValidatorSetHash.ToString())),
        ]);
        return facts;
    }
}
