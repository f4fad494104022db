// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Examples;

/// <summary>
/// A watcher that may be killed at any moment: it books everything that moves an account's units once, and
/// nothing twice. An entry and the cursor behind it are one line of the book: both are on the disk, or
/// neither is. After a kill the stream goes on exactly behind the last entry, and (height, index) tells an
/// entry that comes twice.
/// </summary>
internal static class Deposits
{
    // No repetition changes them. CURSOR_PRUNED names a remedy: a node with older events.
    private static readonly StatusCode[] Ends =
    [
        StatusCode.InvalidArgument, StatusCode.OutOfRange, StatusCode.Unauthenticated,
        StatusCode.PermissionDenied, StatusCode.Unimplemented,
    ];

    /// <summary>deposits --node HOST:PORT[,HOST:PORT] --account 0x… --book FILE [--until N] [--fault NAME]
    /// </summary>
    public static async Task<int> RunAsync(Words words)
    {
        LedgerClient[] nodes = words.Nodes();
        Address account = words.Address("account");
        ulong until = words.Number("until", 0);
        string fault = words.Or("fault", "");
        using var book = new Journal<BookLine>(words["book"]);
        HashSet<(ulong, uint)> seen = [.. book.Lines.Select(line => line.Entry?.Id).OfType<(ulong, uint)>()];
        int attempt = 0;
        for (int node = 0; until == 0 || (ulong)seen.Count < until; node++)
        {
            var request = new SubscribeRequest
            {
                Cursor = book.Lines.Count > 0 ? book.Lines[^1].Cursor : "",
                Accounts = { ByteString.CopyFrom(account.ToArray()) },
                Types_ = { "transferred", "units_issued", "units_burned" },
            };
            using AsyncServerStreamingCall<SubscribeResponse> call =
                nodes[node % nodes.Length].Events.Subscribe(request, Retry.Fault(fault));
            fault = "";
            long beat = TimeProvider.System.GetTimestamp();
            try
            {
                while (await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                    SubscribeResponse item = call.ResponseStream.Current;
                    attempt = 0;
                    if (item.Event is { } e && BookEntry.Of(e, account) is { } entry && seen.Add(entry.Id))
                    {
                        book.Append(new BookLine(item.Cursor, entry));
                        Console.WriteLine(JsonSerializer.Serialize(entry, JsonSerializerOptions.Web));
                    }
                    else if (TimeProvider.System.GetElapsedTime(beat) > TimeSpan.FromMinutes(1))
                    {
                        // Heartbeats carry a cursor as well; one a minute keeps the way to resume short.
                        book.Append(new BookLine(item.Cursor));
                        beat = TimeProvider.System.GetTimestamp();
                    }

                    if (until > 0 && (ulong)seen.Count >= until)
                    {
                        return 0;
                    }
                }
            }
            catch (RpcException e) when (!Ends.Contains(e.StatusCode))
            {
                await Console.Error.WriteLineAsync($"resuming after {e.StatusCode}: {e.Status.Detail}");
            }
            catch (RpcException e)
            {
                await Console.Error.WriteLineAsync($"{ErrorModel.Read(e)?.Reason}: {e.Status.Detail}");
                return 1;
            }

            await Retry.PauseAsync(attempt++);
        }

        return 0;
    }
}
