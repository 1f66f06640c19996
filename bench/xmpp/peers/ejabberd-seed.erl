%% Fills ejabberd's tables: accounts that share one salt and key, and a ring of mutual contacts.
{ok, _} = application:ensure_all_started(ejabberd).
Text = fun(Name) -> list_to_binary(os:getenv(Name)) end.
Number = fun(Name) -> list_to_integer(os:getenv(Name)) end.
Host = <<"localhost">>.
User = fun(N) -> <<"u", (integer_to_binary(N))/binary>> end.
Scram = {scram, Text("BENCH_STORED_KEY"), Text("BENCH_SERVER_KEY"), Text("BENCH_SALT"), sha, Number("BENCH_ITERATIONS")}.
[ok = mnesia:dirty_write({passwd, {User(N), Host}, Scram}) || N <- lists:seq(0, Number("BENCH_USERS") - 1)].
Circle = Number("BENCH_CIRCLE").
Half = Number("BENCH_CONTACTS") div 2.
Steps = [Step || Step <- lists:seq(-Half, Half), Step =/= 0].
Write = fun(N, Contact) ->
    Jid = {User(Contact), Host, <<>>},
    ok = mnesia:dirty_write({roster, {User(N), Host, Jid}, {User(N), Host}, Jid, <<>>, both, none, [], <<>>, []})
end.
[Write(N, (N + Step + Circle) rem Circle) || N <- lists:seq(0, Circle - 1), Step <- Steps].
ok.
