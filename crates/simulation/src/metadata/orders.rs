//! TMDB's episode groups (developer.themoviedb.org/reference/tv-series-episode-groups, tv-episode-group-details): the episodes of a
//! series once more, in an order that people made.

use serde_json::{Value, json};

use super::tmdb::episode_answer;
use super::work::{Order, OrderGroup, Work};

/// As a series lists its orders.
pub fn row(order: &Order) -> Value {
    json!({
        "description": "",
        "episode_count": order.groups.iter().map(|group| group.episodes.len()).sum::<usize>(),
        "group_count": order.groups.len(),
        "id": order.id,
        "name": order.name,
        "network": null,
        "type": order.sort,
    })
}

/// The order itself. Its episodes carry the place that they have in the seasons, and their place in the group from 0.
pub fn whole(work: &Work, order: &Order) -> Value {
    let mut answer = row(order);
    answer["groups"] = order.groups.iter().zip(1..).map(|(group, number)| of(work, order, group, number)).collect();
    answer
}

fn of(work: &Work, order: &Order, group: &OrderGroup, number: u16) -> Value {
    let of_place = |place: &(u16, u16)| work.episodes.iter().find(|e| (e.season, e.number) == *place);
    let episodes = group.episodes.iter().filter_map(of_place).zip(0..).map(|(episode, at)| {
        let mut answer = episode_answer(work, episode);
        answer["order"] = json!(at);
        answer
    });
    json!({
        "id": format!("{}{number:04}", order.id),
        "name": group.name,
        "order": group.order,
        "episodes": episodes.collect::<Vec<_>>(),
        "locked": true,
    })
}
