// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Runtime.Tests;

public sealed class MailboxTests
{
    [Fact]
    public void TryTake_BothLanes_OwnComesFirst()
    {
        using var mailbox = new Mailbox<string>(4, 4);
        Assert.True(mailbox.TryPost("peer"));
        mailbox.Post("own 1");
        mailbox.Post("own 2");
        Assert.Equal(3, mailbox.Count);
        Assert.Equal(["own 1", "own 2", "peer"], TakeAll(mailbox));
        Assert.False(mailbox.TryTake(TimeSpan.Zero, out _));
    }

    [Fact]
    public void TryPost_FullLane_IsRefusedAndOwnLaneIsNot()
    {
        using var mailbox = new Mailbox<string>(4, 2);
        Assert.True(mailbox.TryPost("1"));
        Assert.True(mailbox.TryPost("2"));
        Assert.False(mailbox.TryPost("3"));
        mailbox.Post("own");
        Assert.Equal(["own", "1", "2"], TakeAll(mailbox));
        Assert.True(mailbox.TryPost("4"));
    }

    [Fact]
    public void TryPost_OverItsBytes_IsRefusedUntilSomeAreTaken()
    {
        using var mailbox = new Mailbox<string>(4, 100, 10, text => text.Length);
        Assert.True(mailbox.TryPost("123456"));
        Assert.False(mailbox.TryPost("12345"));
        Assert.True(mailbox.TryPost("1234"));
        Assert.True(mailbox.TryTake(TimeSpan.Zero, out _));
        Assert.True(mailbox.TryPost("12345"));
    }

    [Fact]
    public void Post_OverItsBound_IsABrokenInvariant()
    {
        using var mailbox = new Mailbox<string>(1, 1);
        mailbox.Post("1");
        Assert.Throws<InvariantException>(() => mailbox.Post("2"));
    }

    [Fact]
    public async Task Close_WaitingReader_IsWokenAndNothingMoreComesIn()
    {
        using var mailbox = new Mailbox<string>(4, 4);
        Task<bool> reader = Task.Run(() => mailbox.TryTake(Within.Patience, out _));
        mailbox.Close();
        Assert.False(await reader.WaitAsync(Within.Patience));
        mailbox.Post("late");
        Assert.False(mailbox.TryPost("late"));
        Assert.True(mailbox.IsClosed);
        Assert.Equal(0, mailbox.Count);
    }

    [Fact]
    public async Task Post_ManyWriters_LosesNoItemAndNoWakeUp()
    {
        const int Writers = 8;
        const int Each = 5_000;
        using var mailbox = new Mailbox<string>(Writers * Each, Writers * Each);
        Task<int> reader = Task.Run(() =>
        {
            int taken = 0;
            while (taken < Writers * Each && mailbox.TryTake(Within.Patience, out _))
            {
                taken++;
            }

            return taken;
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                if (writer % 2 == 0)
                {
                    mailbox.Post("own");
                }
                else
                {
                    Assert.True(mailbox.TryPost("peer"));
                }
            }
        })));
        Assert.Equal(Writers * Each, await reader.WaitAsync(Within.Patience));
        Assert.Equal(0, mailbox.Count);
    }

    private static List<string> TakeAll(Mailbox<string> mailbox)
    {
        var taken = new List<string>();
        while (mailbox.TryTake(TimeSpan.Zero, out string? item))
        {
            taken.Add(item);
        }

        return taken;
    }
}
