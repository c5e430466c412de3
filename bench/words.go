package main

// The words and sentences of the notes, written for this purpose: about an
// invented conference on running software. %s takes a noun.
var (
	nouns = []string{
		"the queue", "a cluster", "the registry", "our gateway", "the rollout", "a canary", "the ledger", "the scheduler",
		"a sidecar", "the cache", "the pager", "the backlog", "a replica", "the operator", "a controller", "the mesh",
		"the build farm", "a tenant", "the budget", "the audit trail", "a certificate", "the control plane", "a node pool",
		"the data centre", "the proxy", "a snapshot", "the quota", "the dashboard", "the runbook", "an exporter",
		"the forecast", "the alert", "a volume", "the ingress", "the image", "the pipeline", "a probe", "the tracer",
	}
	sentences = []string{
		"They moved %s away from %s and nobody noticed for a week, which was the point.",
		"The speaker began with %s, then showed why %s costs more than it looks.",
		"In the demo %s went down on purpose; **%s** took over within a breath.",
		"Rule of thumb: never let %s talk to %s without a limit.",
		"Question from the room: what if %s and %s disagree? Answer: the *younger* one waits.",
		"The team measures %s every hour and throws away whatever %s reports at night.",
		"Their first try put %s behind %s, which doubled the latency and halved the sleep.",
		"What I take home: treat %s as a product, and %s as its first customer.",
		"It is still open how %s will be paid for once %s is shared by everyone.",
		"A slide that I want to see again: %s on the left, %s on the right, one arrow between.",
		"They call it \"the quiet migration\": %s first, then %s, and no meeting about it.",
		"I did not follow the part about %s; the one about `%s` was worth the seat.",
	}
	items = []string{
		"%s: small, boring, and documented", "less of %s, more of %s", "**Cost**: %s, once a month", "a budget for %s",
		"someone who owns %s", "`%s` behind a flag", "read the report on %s", "ask them about %s", "%s is a *default*, not a law",
	}
	headings = []string{
		"What they built", "Why it hurt", "The numbers", "Lessons", "Open questions", "How it works", "Before and after",
		"The demo", "What I would try", "Ideas for us", "Baseline", "Costs", "The road here", "Questions from the room",
	}
	titleA = []string{
		"Living with", "Farewell to", "A year of", "Scaling", "Debugging", "The hidden price of", "Teaching", "Rethinking",
		"Small steps with", "Who owns", "Measuring", "Untangling", "A field guide to", "Notes on", "Trusting",
	}
	titleB = []string{
		"queues", "tenants", "quiet rollouts", "stateful sets", "cold starts", "sidecars", "shared clusters", "supply chains",
		"certificates", "edge caches", "developer portals", "schedulers", "long tails", "tracing", "cost reports", "flaky probes",
	}
	titleC = []string{
		"in a bank", "without tears", "at night", "for small teams", "on a budget", "in the open", "after the merger",
		"in public transport", "with three people", "at the edge", "since last year", "for beginners",
	}
	tagWords = []string{
		"platform", "keynote", "networking", "storage", "security", "observability", "cost", "teams", "edge", "release",
		"testing", "policy", "identity", "runtime", "scheduling", "database", "culture", "tooling", "migration", "ai",
	}
)
